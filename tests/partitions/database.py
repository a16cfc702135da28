"""What the tests of partitions ask of a database, and do to it."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

# Nothing else uses the months of these tests; the template has partitions of today's.
NOW = datetime(2071, 2, 14, 12, tzinfo=UTC)
KEYS = {
    "credit_transactions": "created_at",
    "notifications": "created_at",
    "usage_logs": "timestamp",
}

STRAND = """\
INSERT INTO usage_logs (user_id, action_type, timestamp)
SELECT (SELECT min(id::text)::uuid FROM users), 'stranded', moment
FROM generate_series(timestamptz :first, timestamptz :last, CAST(:step AS interval)) AS moment"""


class Done(NamedTuple):
    """What ``ensure_partitions`` returns."""

    created: int
    moved: int
    failed: int


def ensure(connection: Connection, months_ahead: int = 0, as_of: datetime | str = NOW) -> Done:
    """Call ``ensure_partitions``."""
    call = text("CALL ensure_partitions(:months_ahead, :as_of)")
    return Done(*connection.execute(call, {"months_ahead": months_ahead, "as_of": as_of}).one())


def retire(
    connection: Connection, retention: str | None, *, drop: bool = False, as_of: datetime = NOW
) -> tuple[int, int]:
    """Call ``retire_partitions`` and return how many were retired and how many were not."""
    call = text("CALL retire_partitions(CAST(:retention AS interval), :drop, :as_of)")
    parameters = {"retention": retention, "drop": drop, "as_of": as_of}
    retired, failed = connection.execute(call, parameters).one()
    return retired, failed


def strand(connection: Connection, first: str, last: str, step: str = "1 day") -> None:
    """Insert rows of ``usage_logs`` from the instant ``first`` to ``last``."""
    connection.execute(text(STRAND), {"first": first, "last": last, "step": step})


def partitions(connection: Connection, table: str, pattern: str = "%_p2071%") -> dict[str, str]:
    """Return the bounds of the partitions of ``table``, as PostgreSQL prints them in UTC."""
    connection.exec_driver_sql("SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO'")
    query = """\
SELECT relname, pg_get_expr(relpartbound, pg_class.oid) AS bounds
FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = CAST(:table AS regclass) AND relname LIKE :pattern ORDER BY relname"""
    found = connection.execute(text(query), {"table": table, "pattern": pattern})
    return {row.relname: row.bounds for row in found}


def rows_of(connection: Connection, table: str) -> set[str]:
    """Return the rows of ``table``, all columns, as text."""
    return set(connection.exec_driver_sql(f"SELECT t::text FROM {table} AS t").scalars())


def scalar(connection: Connection, query: str) -> Any:
    """Return the only value of ``query``."""
    return connection.exec_driver_sql(query).scalar_one()
