"""Rows that a new rule does not admit: found for each kind of rule, and only those."""

from dataclasses import dataclass

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import NotSupportedError

from app.catalog.identity import Identity
from app.catalog.misfits import Question, questions
from app.catalog.snapshot import search_path, snapshot
from app.plan.conversions import FOUND, Conversion
from app.revisions.guards import MOST
from app.server.scratch import major_version

BEFORE = """\
CREATE TABLE "Parents" (a int, b int, UNIQUE (a, b));
CREATE TABLE triples (a int, b int, c int, UNIQUE (a, b, c));
CREATE DOMAIN percent AS int;
CREATE TYPE amount AS (value numeric);
CREATE TYPE feeling AS ENUM ('happy', 'it''s fine', 'sad');
CREATE TABLE things (id serial PRIMARY KEY, name text, "Size" int, a int, b int, during tstzrange,
    share percent, mood text COLLATE "C", price amount, feels feeling);
CREATE TABLE months (at date NOT NULL, size int) PARTITION BY RANGE (at);
CREATE TABLE months_1 PARTITION OF months FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE months_2 PARTITION OF months FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')"""
ROWS = """\
INSERT INTO "Parents" VALUES (1, 1), (2, 2);
INSERT INTO triples VALUES (1, 1, 5);
INSERT INTO things (name, "Size", a, b, during, share, mood, price) VALUES
    ('ann', 1, 1, 1, '[2026-01-01, 2026-01-03)', 5, 'a', ROW(1.0)),
    ('Ann', 2, 1, NULL, '[2026-01-02, 2026-01-04)', 500, 'A', ROW(1.00)),
    ('bob', 3, 3, 3, '[2026-01-04, 2026-01-05)', NULL, 'b', ROW(1.0)),
    ('bob', NULL, NULL, NULL, NULL, 7, 'b', NULL),
    (NULL, NULL, NULL, NULL, NULL, 8, NULL, NULL);
UPDATE things SET feels = (ARRAY['happy', 'it''s fine', 'it''s fine', 'sad'])[id]::feeling;
INSERT INTO months VALUES
    ('2026-01-01', 1), ('2026-01-02', 1), ('2026-02-01', 1), ('2026-02-02', NULL)"""
COLLATION = (
    "CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
)


@dataclass(frozen=True)
class Case:
    """What comes, what it is called, and how many rows it does not admit."""

    sql: str
    rule: Identity
    rows: int


def things(kind: str, name: str) -> Identity:
    return Identity(kind, "things", name)


CASES = {
    "not null": Case('ALTER TABLE things ALTER "Size" SET NOT NULL', things("not null", "Size"), 2),
    "required column": Case(
        "ALTER TABLE things ADD needed int NOT NULL", things("not null", "needed"), 5
    ),
    "check": Case(
        'ALTER TABLE things ADD CONSTRAINT few CHECK ("Size" < 3)',
        things("check constraint", "few"),
        1,
    ),
    "check, not valid": Case(
        'ALTER TABLE things ADD CONSTRAINT few CHECK ("Size" < 3) NOT VALID',
        things("check constraint", "few"),
        1,
    ),
    "check with percent": Case(
        "ALTER TABLE things ADD CONSTRAINT small CHECK (name LIKE 'a%')",
        things("check constraint", "small"),
        3,
    ),
    "check of a partitioned table": Case(
        "ALTER TABLE months ADD CONSTRAINT late CHECK (at > '2026-01-01')",
        Identity("check constraint", "months", "late"),
        1,
    ),
    "unique": Case(
        "ALTER TABLE things ADD CONSTRAINT named UNIQUE (name)",
        things("unique constraint", "named"),
        2,
    ),
    "unique with nulls equal": Case(
        'ALTER TABLE things ADD CONSTRAINT sized UNIQUE NULLS NOT DISTINCT ("Size")',
        things("unique constraint", "sized"),
        2,
    ),
    "unique on two columns": Case(
        "ALTER TABLE things ADD CONSTRAINT two UNIQUE (name, a)",
        things("unique constraint", "two"),
        0,
    ),
    "unique index on an expression": Case(
        "CREATE UNIQUE INDEX lowered ON things (lower(name))", things("index", "lowered"), 4
    ),
    "unique index with a predicate": Case(
        'CREATE UNIQUE INDEX sized ON things (name) WHERE "Size" IS NOT NULL',
        things("index", "sized"),
        0,
    ),
    "unique index with a pattern class": Case(
        "CREATE UNIQUE INDEX pattern ON things (name text_pattern_ops)",
        things("index", "pattern"),
        2,
    ),
    "unique index with another equality": Case(
        "CREATE UNIQUE INDEX image ON things (price record_image_ops)",
        things("index", "image"),
        2,
    ),
    "unique of a partitioned table": Case(
        "CREATE UNIQUE INDEX monthly ON months (at, size)",
        Identity("index", "months", "monthly"),
        0,
    ),
    "primary key": Case(
        "ALTER TABLE things DROP CONSTRAINT things_pkey, ADD CONSTRAINT named PRIMARY KEY (name)",
        things("primary key", "named"),
        2,
    ),
    "exclusion": Case(
        "ALTER TABLE things ADD CONSTRAINT once EXCLUDE USING gist (during WITH &&)",
        things("exclusion constraint", "once"),
        2,
    ),
    "foreign key": Case(
        'ALTER TABLE things ADD CONSTRAINT parent FOREIGN KEY (a, b) REFERENCES "Parents" (a, b)',
        things("foreign key", "parent"),
        1,
    ),
    "foreign key, matched in full": Case(
        'ALTER TABLE things ADD CONSTRAINT parent FOREIGN KEY (a, b) REFERENCES "Parents" (a, b)'
        " MATCH FULL",
        things("foreign key", "parent"),
        2,
    ),
    "foreign key of three columns, matched in full": Case(
        "ALTER TABLE things ADD CONSTRAINT parent FOREIGN KEY (a, b, share) REFERENCES triples"
        " (a, b, c) MATCH FULL",
        things("foreign key", "parent"),
        4,
    ),
    "domain constraint": Case(
        "ALTER DOMAIN percent ADD CONSTRAINT most CHECK (VALUE <= 100)",
        Identity("domain constraint", "percent", "most"),
        1,
    ),
    "enum value removed": Case(
        "ALTER TYPE feeling RENAME TO felt; CREATE TYPE feeling AS ENUM ('sad', 'it''s fine');"
        "ALTER TABLE things ALTER feels TYPE feeling USING feels::text::feeling",
        Identity("type", None, "feeling"),
        1,
    ),
    "domain not null": Case(
        "ALTER DOMAIN percent SET NOT NULL", Identity("domain property", "percent", "NOT NULL"), 1
    ),
}


@pytest.fixture
def schemas(connection: Connection) -> Connection:
    """Two schemas with the same tables: before, with rows, and after."""
    for schema in ("before", "after"):
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        with search_path(connection, schema):
            connection.exec_driver_sql(BEFORE)
    with search_path(connection, "before"):
        connection.exec_driver_sql(ROWS)
    return connection


def ask(connection: Connection, count: str) -> int:
    with search_path(connection, "before"):
        result = connection.exec_driver_sql(count.replace("%", "%%"), ())
        return int(result.scalar_one() if result.returns_rows else 0)


@pytest.mark.parametrize("name", CASES)
def test_rows_that_do_not_fit_are_counted(name: str, schemas: Connection) -> None:
    case = CASES[name]
    with search_path(schemas, "after"):
        schemas.exec_driver_sql(case.sql.replace("%", "%%"), ())
    before, after = snapshot(schemas, "before"), snapshot(schemas, "after")
    found = {question.rule: question for question in questions(schemas, "after", before, after)}
    question = found[case.rule]
    assert ask(schemas, str(question.count)) == case.rows
    with search_path(schemas, "before"):
        assert (
            schemas.exec_driver_sql(str(question.find).replace("%", "%%"), ()).all()
            or not case.rows
        )


def test_collation_of_an_index_tells_what_is_equal(schemas: Connection) -> None:
    try:
        with schemas.begin_nested():
            schemas.exec_driver_sql(COLLATION)
    except NotSupportedError:
        pytest.skip("this build of PostgreSQL has no ICU")
    with search_path(schemas, "after"):
        schemas.exec_driver_sql(COLLATION)
        schemas.exec_driver_sql("CREATE UNIQUE INDEX alike ON things (mood COLLATE alike)")
    with search_path(schemas, "before"):
        schemas.exec_driver_sql(COLLATION)
    (question,) = questions(
        schemas, "after", snapshot(schemas, "before"), snapshot(schemas, "after")
    )
    assert ask(schemas, str(question.count)) == 4


def test_nothing_is_asked_where_nothing_is_tightened(schemas: Connection) -> None:
    with search_path(schemas, "after"):
        schemas.exec_driver_sql(
            "CREATE TABLE fresh (id int PRIMARY KEY CHECK (id > 0));"
            "ALTER TABLE things ADD free text, ADD filled int NOT NULL DEFAULT 1;"
            "ALTER TABLE months ALTER at DROP NOT NULL;"
            "CREATE INDEX plain ON things (name);"
            "ALTER TYPE feeling ADD VALUE 'so-so' BEFORE 'sad'"
        )
    assert (
        questions(schemas, "after", snapshot(schemas, "before"), snapshot(schemas, "after")) == []
    )


def test_temporal_keys_are_asked_as_far_as_queries_go(schemas: Connection) -> None:
    if major_version(schemas) < 18:
        pytest.skip("PostgreSQL 18 has them")
    for schema in ("before", "after"):
        with search_path(schemas, schema):
            schemas.exec_driver_sql("ALTER TABLE things ADD room int4range DEFAULT '[1, 2)'")
    with search_path(schemas, "after"):
        schemas.exec_driver_sql(
            "ALTER TABLE things ADD CONSTRAINT once UNIQUE (room, during WITHOUT OVERLAPS);"
            "CREATE TABLE stays (room int4range, during tstzrange, "
            "FOREIGN KEY (room, PERIOD during) REFERENCES things (room, PERIOD during))"
        )
    (question,) = questions(
        schemas, "after", snapshot(schemas, "before"), snapshot(schemas, "after")
    )
    assert ask(schemas, str(question.count)) == 2


def conversion(table: str, type_: str, using: str) -> Question:
    column = Identity("column", table, "any")
    return Conversion(column, table, "any", "", type_, using).question()


@pytest.mark.parametrize(
    ("type_", "expression", "rows"),
    [
        ("varchar(2)", "name", 4),
        ("varchar(3)", "name", 0),
        ("varchar(2)", "name::varchar(2)", 0),
        ("int", "name::int", 4),
        ("int", "nullif(name, 'bob')::int", 2),
        ("smallint", '("Size" * 20000)', 2),
        ("text[]", "ARRAY[name]", 0),
        ("int[]", "ARRAY[name]::int[]", 4),
        ('text COLLATE "C"', "name", 0),
    ],
)
def test_rows_that_another_type_does_not_take_are_counted(
    type_: str, expression: str, rows: int, schemas: Connection
) -> None:
    question = conversion("things", type_, expression)
    ask(schemas, str(question.count))
    assert schemas.exec_driver_sql(f"SELECT current_setting('{FOUND}')").scalar() == str(rows)


def test_few_misfits_among_many_rows_of_partitions_are_found(schemas: Connection) -> None:
    with search_path(schemas, "before"):
        schemas.exec_driver_sql(
            "INSERT INTO months SELECT '2026-01-09', mod(n, 9) FROM generate_series(1, 60000) AS n;"
            "INSERT INTO months SELECT '2026-02-09', 40000 FROM generate_series(1, 3)"
        )
    question = conversion("months", "smallint", "size")
    ask(schemas, str(question.count))
    assert schemas.exec_driver_sql(f"SELECT current_setting('{FOUND}')").scalar() == "3"


def test_more_misfits_than_can_be_counted_are_not(schemas: Connection) -> None:
    with search_path(schemas, "before"):
        schemas.exec_driver_sql(
            "INSERT INTO things (name) SELECT 'x' FROM generate_series(1, 3000)"
        )
    question = conversion("things", "int", "name::int")
    ask(schemas, str(question.count))
    found = int(schemas.exec_driver_sql(f"SELECT current_setting('{FOUND}')").scalar_one())
    assert MOST < found < 3000
