"""Calling the routines of the schema (``app/db/functions``); each works in the current schema.

The connection is in autocommit: the procedures commit once a month.
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

DEFAULT_MONTHS_AHEAD = 3


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
    """A partition that a call would retire."""

    parent: str
    partition: str
    month: date
    rows: int
    size: str
    total_bytes: int


class Reported(NamedTuple):
    """The state of a partitioned table; ``rows_in_default`` is None if it has no DEFAULT."""

    parent: str
    partitions: int
    lower_bound: datetime | None
    upper_bound: datetime | None
    estimated_rows: int
    size: str
    total_bytes: int
    gaps: list[date]
    rows_in_default: int | None
    months_ahead: int


def exist(connection: Connection) -> bool:
    """Tell whether the schema has the routines: the database is at 0002 or later."""
    return connection.exec_driver_sql("SELECT to_regproc('ensure_partitions')").scalar() is not None


def own_tables(connection: Connection) -> bool:
    """Tell whether the role owns the partitioned tables, without which it can do nothing here."""
    query = """\
SELECT bool_and(pg_has_role(relowner, 'USAGE'))
FROM time_partitioned_tables() JOIN pg_class ON pg_class.oid = parent"""
    return bool(connection.exec_driver_sql(query).scalar())


def ensure(connection: Connection, months_ahead: int = DEFAULT_MONTHS_AHEAD) -> Ensured:
    """Create the partitions of this month and the next ones, and move what lies in DEFAULT."""
    return Ensured(*connection.exec_driver_sql("CALL ensure_partitions(%s)", (months_ahead,)).one())


def retire(connection: Connection, retention: str, *, drop: bool) -> Retired:
    """Retire the partitions of months that ended longer than ``retention``, an interval, ago."""
    call = "CALL retire_partitions(CAST(%s AS interval), drop => %s)"
    return Retired(*connection.exec_driver_sql(call, (retention, drop)).one())


def retirable(connection: Connection, retention: str) -> list[Retirable]:
    """Return what :func:`retire` would retire."""
    query = """\
SELECT parent::text, partition::text, month, row_count, pg_size_pretty(total_bytes),
       total_bytes
FROM retirable_partitions(CAST(%s AS interval))"""
    return [Retirable(*row) for row in connection.exec_driver_sql(query, (retention,))]


def report(connection: Connection) -> list[Reported]:
    """Return the state of each partitioned table; the bounds are in UTC."""
    query = """\
SELECT parent::text, partitions,
       nullif(lower_bound, '-infinity') AT TIME ZONE 'UTC',
       nullif(upper_bound, 'infinity') AT TIME ZONE 'UTC',
       estimated_rows, pg_size_pretty(total_bytes), total_bytes, gaps, rows_in_default,
       months_ahead
FROM partition_report()"""
    return [Reported(*row) for row in connection.exec_driver_sql(query)]
