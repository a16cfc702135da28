"""What PostgreSQL tells a session of its own doing: locks, files, scans, and what there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Nothing of PostgreSQL's own, and nothing of Alembic's.
_OURS = """\
relnamespace NOT IN (SELECT oid FROM pg_namespace
                     WHERE nspname ~ '^pg_' OR nspname = 'information_schema')
    AND relname <> ALL ('{alembic_version,alembic_version_pkc}')"""
# A revision may change the search_path, which regclass depends on.
_NAME = """\
CASE WHEN nspname = %s THEN '' ELSE quote_ident(nspname) || '.' END || quote_ident(relname)"""
_LOCKS = """\
SELECT relation, array_agg(DISTINCT mode) FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND database <> 0
GROUP BY relation"""
# What is not yet flushed is known to the session alone, the rest to all.
_RELATIONS = f"""\
SELECT relation.oid, {_NAME}, relname, relkind, pg_relation_filenode(relation.oid),
    pg_stat_get_numscans(relation.oid) + pg_stat_get_xact_numscans(relation.oid),
    coalesce(indrelid, 0), coalesce(inhparent, 0), coalesce(indisunique, false)
FROM pg_class AS relation JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
    LEFT JOIN pg_index ON indexrelid = relation.oid
    LEFT JOIN pg_inherits ON inhrelid = relation.oid AND relispartition
WHERE {_OURS}"""  # noqa: S608 fixed text
# The columns of partitions are those of their table.
_COLUMNS = f"""\
SELECT attrelid, attnum, attname, atttypid, atttypmod, format_type(atttypid, atttypmod),
    attnotnull, atthasdef OR attidentity <> '', attgenerated <> ''
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p')
    AND NOT relispartition AND {_OURS}"""  # noqa: S608 fixed text
_CONSTRAINTS = f"""\
SELECT con.oid, conname, contype, conrelid, confrelid, conkey[1], convalidated
FROM pg_constraint AS con JOIN pg_class ON pg_class.oid = conrelid
WHERE contype IN ('c', 'f', 'n', 'p', 'u', 'x') AND {_OURS}"""  # noqa: S608 fixed text

KINDS = {
    "r": "table",
    "p": "partitioned table",
    "i": "index",
    "I": "partitioned index",
    "m": "materialized view",
    "v": "view",
    "S": "sequence",
    "f": "foreign table",
    "c": "type",
}


@dataclass(frozen=True)
class Relation:
    """A table, an index or the like; ``name`` is as SQL has it, ``bare`` without quotes.

    ``file`` changes when it is written anew, ``scans`` counts how often it was read. ``table`` is
    that of an index, ``parent`` what a partition, or its index, is part of; else 0.
    """

    name: str
    bare: str
    kind: str
    file: int | None
    scans: int
    table: int
    parent: int
    unique: bool

    @property
    def is_table(self) -> bool:
        """Whether it is a table, with partitions or without."""
        return self.kind in (KINDS["r"], KINDS["p"])


@dataclass(frozen=True)
class Column:
    """A column of a table; ``filled``: a row gets a value there without being told one."""

    name: str
    type_id: int
    type_modifier: int
    type: str
    not_null: bool
    filled: bool
    generated: bool


@dataclass(frozen=True)
class Constraint:
    """A constraint of a table; ``type`` is PostgreSQL's letter for its kind.

    ``column`` is the number of its first column; None where it has none.
    """

    name: str
    type: str
    of: int
    references: int
    column: int | None
    valid: bool


@dataclass(frozen=True)
class Observation:
    """What there was at one moment, by PostgreSQL's numbers for it."""

    relations: Mapping[int, Relation]
    columns: Mapping[tuple[int, int], Column]
    constraints: Mapping[int, Constraint]
    locks: Mapping[int, frozenset[str]]

    def outermost(self, oid: int) -> Relation:
        """Return a relation, or for a partition, or its index, what it is part of."""
        relation = self.relations[oid]
        return self.outermost(relation.parent) if relation.parent in self.relations else relation


def observe(cursor: Any, schema: str) -> Observation:
    """Ask the session of ``cursor``, a cursor of the driver, what it has done so far.

    Relations of other schemas than ``schema`` are named with theirs.
    """

    def rows(query: str, *parameters: str) -> list[tuple[Any, ...]]:
        cursor.execute(query, parameters or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    locks = {oid: frozenset(modes) for oid, modes in rows(_LOCKS)}
    return Observation(
        {
            oid: Relation(name, bare, KINDS.get(kind, kind), *rest)
            for oid, name, bare, kind, *rest in rows(_RELATIONS, schema)
        },
        {(oid, number): Column(*rest) for oid, number, *rest in rows(_COLUMNS)},
        {oid: Constraint(*rest) for oid, *rest in rows(_CONSTRAINTS)},
        locks,
    )
