"""Calling the routines of the schema (``app/db/functions``) that the session works in.

The connection is in autocommit: the procedures commit once a month. Every name has its schema and
every argument its type, so that no other role's function of the same name is called instead.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, text

DEFAULT_MONTHS_AHEAD = 3
# Of a month, while an application writes.
DEFAULT_MOST_ROWS = 50_000

ENSURE = (
    "ensure_partitions(pg_catalog.int4, pg_catalog.timestamptz, pg_catalog.int4,"
    " pg_catalog.int4, pg_catalog.int8, pg_catalog.int4)"
)
RETIRE = (
    "retire_partitions(pg_catalog.interval, pg_catalog.bool, pg_catalog.timestamptz,"
    " pg_catalog.int4, pg_catalog.int4)"
)
REPORT = "partition_report(pg_catalog.timestamptz)"
# What no revision before 0004 has.
_NEWEST = "all_time_partitioned_tables()"
_ROUTINE = (
    "pg_catalog.to_regprocedure(pg_catalog.concat("
    "pg_catalog.quote_ident(pg_catalog.current_schema()), '.', CAST(:routine AS pg_catalog.text)))"
)


def _in_words(moment: str) -> str:
    """Return an expression for a day as text, NULL where it is infinite."""
    text = f"pg_catalog.to_char({moment}, 'YYYY-MM-DD BC')"
    return f"CASE WHEN pg_catalog.isfinite({moment}) THEN pg_catalog.replace({text}, ' AD', '') END"


_CALL_ENSURE = """\
CALL $here.ensure_partitions(
    CAST(:months_ahead AS pg_catalog.int4), pg_catalog.now(), CAST(:most_rows AS pg_catalog.int4),
    0, CAST(0 AS pg_catalog.int8), 0)"""
_CALL_RETIRE = """\
CALL $here.retire_partitions(
    CAST(CAST(:retention AS pg_catalog.text) AS pg_catalog.interval),
    CAST(:drop AS pg_catalog.bool), pg_catalog.now(), 0, 0)"""
_RETIRABLE = f"""\
SELECT CAST(parent AS pg_catalog.text), CAST(partition AS pg_catalog.text),
       {_in_words("month")}, row_count, pg_catalog.pg_size_pretty(total_bytes), total_bytes
FROM $here.retirable_partitions(
    CAST(CAST(:retention AS pg_catalog.text) AS pg_catalog.interval), pg_catalog.now(), true)"""  # noqa: S608 fixed text
_REPORT = f"""\
SELECT CAST(parent AS pg_catalog.text), partitions,
       {_in_words("lower_bound AT TIME ZONE 'UTC'")},
       {_in_words("upper_bound AT TIME ZONE 'UTC'")},
       estimated_rows, pg_catalog.pg_size_pretty(total_bytes), total_bytes,
       ARRAY(SELECT {_in_words("month")} FROM pg_catalog.unnest(gaps) AS month),
       rows_in_default, months_ahead
FROM $here.partition_report(pg_catalog.now())"""  # noqa: S608 fixed text
_GAPS = f"""\
SELECT CAST(parent AS pg_catalog.text), {_in_words("first_month")}, {_in_words("last_month")},
       months, retention
FROM $here.partition_gaps(pg_catalog.now())"""  # noqa: S608 fixed text
_SKIPPED = """\
SELECT CAST(parent AS pg_catalog.text), own, skipped
FROM $here.all_time_partitioned_tables() WHERE skipped IS NOT NULL"""
_PUBLISHED = """\
SELECT CAST(parent AS pg_catalog.text), moves, new_months FROM $here.publication_notes()"""


class Ensured(NamedTuple):
    """How many partitions were created, rows moved there, and months left undone."""

    created: int
    moved: int
    failed: int


class Retired(NamedTuple):
    """How many partitions were retired, and how many could not be."""

    retired: int
    failed: int


class Retirable(NamedTuple):
    """A partition that a call would retire; ``rows`` is None where they may not be read."""

    parent: str
    partition: str
    month: str
    rows: int | None
    size: str
    total_bytes: int


class Gap(NamedTuple):
    """Months without a partition before others that have one.

    ``retention`` retires what lies before it; None where that ended less than a month ago.
    """

    parent: str
    first_month: str
    last_month: str
    months: int
    retention: str | None


class Reported(NamedTuple):
    """The state of a partitioned table; ``rows_in_default`` is None if it has no DEFAULT.

    Days are text, as PostgreSQL's reach farther than Python's. ``gaps`` has 1,200 months at most.
    """

    parent: str
    partitions: int
    lower_bound: str | None
    upper_bound: str | None
    estimated_rows: int
    size: str
    total_bytes: int
    gaps: list[str]
    rows_in_default: int | None
    months_ahead: int


class Skipped(NamedTuple):
    """A table that the routines leave alone, and whether it is their owner's."""

    parent: str
    own: bool
    reason: str


class Published(NamedTuple):
    """What a publication asks for.

    ``moves`` says why rows cannot leave DEFAULT, ``new_months`` what a new month takes.
    """

    parent: str
    moves: str
    new_months: str | None


def exist(connection: Connection) -> bool:
    """Tell whether the schema has the routines as they are since revision 0004."""
    return has(connection, _NEWEST)


def has(connection: Connection, routine: str) -> bool:
    """Tell whether the schema has ``routine``."""
    query = text(f"SELECT {_ROUTINE} IS NOT NULL")
    return bool(connection.execute(query, {"routine": routine}).scalar())


def may_ensure(connection: Connection) -> bool:
    """Tell whether there is a procedure to call for the months, and the role may call it."""
    query = text(f"SELECT pg_catalog.has_function_privilege({_ROUTINE}, 'EXECUTE')")
    return bool(connection.execute(query, {"routine": ENSURE}).scalar())


def schema_of(connection: Connection) -> str:
    """Return the quoted name of the schema that the session works in."""
    query = "SELECT pg_catalog.quote_ident(pg_catalog.current_schema())"
    return str(connection.exec_driver_sql(query).scalar())


def ensure(
    connection: Connection,
    months_ahead: int = DEFAULT_MONTHS_AHEAD,
    most_rows: int = DEFAULT_MOST_ROWS,
) -> Ensured:
    """Create the partitions of this month and the next ones, and move what lies in DEFAULT."""
    return Ensured._make(
        _rows(connection, _CALL_ENSURE, months_ahead=months_ahead, most_rows=most_rows).one()
    )


def retire(connection: Connection, retention: str, *, drop: bool) -> Retired:
    """Retire the partitions of months that ended longer than ``retention``, an interval, ago."""
    return Retired._make(_rows(connection, _CALL_RETIRE, retention=retention, drop=drop).one())


def retirable(connection: Connection, retention: str) -> list[Retirable]:
    """Return what :func:`retire` would retire."""
    return [Retirable._make(row) for row in _rows(connection, _RETIRABLE, retention=retention)]


def report(connection: Connection) -> list[Reported]:
    """Return the state of each partitioned table; the days are in UTC."""
    return [Reported._make(row) for row in _rows(connection, _REPORT)]


def gaps(connection: Connection) -> list[Gap]:
    """Return the gaps between the partitions of each table, the oldest first."""
    return [Gap._make(row) for row in _rows(connection, _GAPS)]


def skipped(connection: Connection) -> list[Skipped]:
    """Return the tables that are partitioned by time and left alone."""
    return [Skipped._make(row) for row in _rows(connection, _SKIPPED)]


def published(connection: Connection) -> list[Published]:
    """Return what publications of the tables ask for."""
    return [Published._make(row) for row in _rows(connection, _PUBLISHED)]


def month_of(day: str) -> str:
    """Return the month that ``day`` is the first of: ``2026-11``, ``0044-03 BC``."""
    date, *era = day.split(" ")
    return " ".join([date.removesuffix("-01"), *era])


def _rows(connection: Connection, query: str, **parameters: object) -> CursorResult[Any]:
    here = schema_of(connection).replace(":", "\\:")
    return connection.execute(text(query.replace("$here", here)), parameters)
