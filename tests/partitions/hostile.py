"""A role that may create in the schema, as everyone could before PostgreSQL 15, and sets traps.

A trap that runs moves a sequence on, which no rollback takes back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from tests.runner.database import ask, execute

TYPES = ("text", "name", "oid", "regclass", "jsonb", "interval", "timestamptz", "date", "int4")
# Every function and operator that a routine uses, or might.
FUNCTIONS = """
    array_agg array_remove ceil clock_timestamp coalesce concat count current_setting date date_part
    date_trunc format greatest has_database_privilege has_function_privilege has_schema_privilege
    isfinite jsonb_agg jsonb_array_length jsonb_build_object jsonb_each_text least lower
    make_interval max min nextval now nullif octet_length pg_get_expr pg_get_userbyid pg_has_role
    pg_partition_root pg_partition_tree pg_size_pretty pg_sleep pg_total_relation_size quote_ident
    quote_literal range_agg regexp_match replace set_config string_agg sum timezone to_char to_jsonb
    to_regclass to_regnamespace to_regproc to_regprocedure trim tstzrange unnest upper
    ensure_partitions retire_partitions partition_report retirable_partitions time_partitions
    utc_month lock_tables retire_partition create_month_partition partition_gaps publication_notes
    """.split()  # noqa: SIM905 - a list of a hundred names in quotes
OPERATORS = ("=", "<>", "<", "<=", ">", ">=", "||", "+", "-", "*", "@>", "->", "->>", "#>", "?")

SPRING = """\
CREATE SEQUENCE caught;
GRANT USAGE ON SEQUENCE caught TO PUBLIC;
CREATE FUNCTION spring() RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.nextval('public.caught');
    EXECUTE pg_catalog.format('ALTER ROLE {mallory} SUPERUSER');
    RETURN true;
EXCEPTION WHEN insufficient_privilege THEN
    RETURN true;
END $$;
CREATE FUNCTION spring(anyelement) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT public.spring()';
CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN PERFORM public.spring(); RETURN coalesce(NEW, OLD); END'"""


def overloads(names: list[str]) -> str:
    """Return statements that make functions of ``names`` for all pairs of types."""
    arguments = ["", *TYPES, *map(", ".join, product(TYPES, TYPES))]
    return f"""\
DO $make$
DECLARE function_name text; arguments text;
BEGIN
    FOREACH function_name IN ARRAY '{{{", ".join(names)}}}'::text[] LOOP
        FOREACH arguments IN ARRAY ARRAY{arguments}::text[] LOOP
            CONTINUE WHEN to_regprocedure(
                pg_catalog.format('public.%I(%s)', function_name, arguments)) IS NOT NULL;
            EXECUTE pg_catalog.format(
                'CREATE FUNCTION public.%I(%s) RETURNS text LANGUAGE sql'
                ' AS ''SELECT public.spring()::text''', function_name, arguments);
        END LOOP;
    END LOOP;
END $make$""".replace("%", "%%")


def operators() -> str:
    """Return statements that make the operators for all pairs of types."""
    return f"""\
DO $make$
DECLARE symbol text; one text; other text;
BEGIN
    FOREACH one IN ARRAY '{{{", ".join(TYPES)}}}'::text[] LOOP
        FOREACH other IN ARRAY '{{{", ".join(TYPES)}}}'::text[] LOOP
            EXECUTE pg_catalog.format('CREATE FUNCTION public.operate(%s, %s) RETURNS bool'
                           ' LANGUAGE sql AS ''SELECT public.spring()''', one, other);
            FOREACH symbol IN ARRAY ARRAY{list(OPERATORS)}::text[] LOOP
                EXECUTE pg_catalog.format(
                    'CREATE OPERATOR public.%s (FUNCTION = public.operate, LEFTARG = %s,'
                    ' RIGHTARG = %s)', symbol, one, other);
            END LOOP;
        END LOOP;
    END LOOP;
END $make$""".replace("%", "%%")


def types() -> str:
    """Return statements that make domains with the names of the types, and casts."""
    domains = "".join(
        f"CREATE DOMAIN public.{name} AS pg_catalog.{name} CHECK (public.spring());"
        for name in (*TYPES, "bool", "int8", "float8", "regnamespace", "regprocedure")
    )
    return f"""\
CREATE TYPE public.lure AS (value pg_catalog.text);
CREATE FUNCTION public.cast_it(public.lure) RETURNS pg_catalog.text
    LANGUAGE sql AS 'SELECT public.spring()::pg_catalog.text';
CREATE FUNCTION public.cast_it(pg_catalog.text) RETURNS public.lure
    LANGUAGE sql AS 'SELECT ROW(public.spring()::pg_catalog.text)::public.lure';
CREATE CAST (public.lure AS pg_catalog.text)
    WITH FUNCTION public.cast_it(public.lure) AS IMPLICIT;
CREATE CAST (pg_catalog.text AS public.lure)
    WITH FUNCTION public.cast_it(pg_catalog.text) AS IMPLICIT;
{domains}"""


OWN_TABLE = """\
CREATE TABLE lure_logs (
    id bigint DEFAULT spring()::int, moment timestamptz, CHECK (spring())
) PARTITION BY RANGE (moment);
CREATE TABLE lure_logs_default PARTITION OF lure_logs DEFAULT;
INSERT INTO lure_logs VALUES (1, '2071-02-14 00:00+00'), (2, now());
CREATE TABLE lure_logs_p20010101 PARTITION OF lure_logs
    FOR VALUES FROM ('2001-01-01 00:00+00') TO ('2001-02-01 00:00+00');
CREATE TRIGGER spy BEFORE INSERT OR DELETE ON lure_logs FOR EACH ROW EXECUTE FUNCTION spy();
CREATE INDEX ON lure_logs ((spring(id)));
GRANT ALL ON lure_logs, lure_logs_default, lure_logs_p20010101 TO PUBLIC;
CREATE POLICY lure ON lure_logs_default USING (spring());
CREATE POLICY lure ON lure_logs_p20010101 USING (spring());
ALTER TABLE lure_logs_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE lure_logs_p20010101 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER SEQUENCE caught RESTART"""
TRAPS = {
    "a table of its own": OWN_TABLE,
    "functions": overloads(FUNCTIONS),
    "operators": operators(),
    "types and casts": types(),
}


class Town:
    """A database of ``owner``'s in which ``mallory`` may create."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self.engine = engine
        self.owner, self.mallory, self.member = owner, f"mallory_{owner}", f"member_{owner}"

    def engine_of(self, role: str) -> Engine:
        """Return an engine whose sessions are ``role``'s: owner, mallory, member or superuser."""
        name = {"owner": self.owner, "mallory": self.mallory, "member": self.member}.get(role)
        url = self.engine.url.set(username=name, password="any") if name else self.engine.url
        return create_engine(url, poolclass=NullPool)

    def set_trap(self, trap: str) -> None:
        """Let mallory execute ``trap``."""
        execute(self.engine_of("mallory"), SPRING.format(mallory=self.mallory), trap)

    def caught(self) -> bool:
        """Tell whether a trap was sprung, or mallory has got anything."""
        query = f"""\
SELECT is_called OR rolsuper OR pg_has_role('{self.mallory}', '{self.owner}', 'MEMBER')
FROM public.caught, pg_roles WHERE rolname = '{self.mallory}'"""
        return ask(self.engine, query) == "True"


@contextmanager
def session(engine: Engine, search_path: str) -> Iterator[Connection]:
    """Connect in autocommit with a ``search_path`` of one's own."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql(f"SET search_path TO {search_path}")
        yield connection
