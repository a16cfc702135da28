"""The DBA's SQL for partitions does what the page says of it, with rows there."""

from sqlalchemy import Connection, Engine, text

from tests.docs.guide import blocks
from tests.schema import catalog
from tests.schema.rows import make_row
from tests.support.databases import ROOT
from tests.support.psql import psql

SQL = [block.text for block in blocks(ROOT / "docs/dba.md") if block.language == "sql"]
MAKE_A_MONTH = next(sql for sql in SQL if "CREATE TABLE usage_logs_p20261101" in sql)
RETIRE_A_MONTH = next(sql for sql in SQL if "DETACH PARTITION" in sql)
MOMENTS = (
    "2026-10-31 23:59:59.999999+00",
    "2026-11-01 00:00+00",
    "2026-11-30 23:59:59.999999+00",
    "2026-12-01 00:00+00",
)


def test_rows_of_the_month_are_moved_and_the_others_stay(migrated_engine: Engine) -> None:
    with migrated_engine.begin() as connection:
        for moment in MOMENTS:
            make_row(connection, "usage_logs", timestamp=moment)
        before = rows_of(connection, "usage_logs")
    run(migrated_engine, MAKE_A_MONTH)
    with migrated_engine.connect() as connection:
        assert rows_of(connection, "usage_logs") == before
        assert len(rows_of(connection, "usage_logs_p20261101")) == 2
        assert len(rows_of(connection, "ONLY usage_logs_default")) == 2


def test_bounds_are_utc_whatever_the_sessions_time_zone(migrated_engine: Engine) -> None:
    run(migrated_engine, "SET timezone = 'Pacific/Auckland';" + MAKE_A_MONTH)
    with migrated_engine.connect() as connection:
        connection.execute(text("SET timezone = 'UTC'"))
        bounds = "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = :partition"
        assert catalog.names(connection, bounds, partition="usage_logs_p20261101") == [
            "FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00')"
        ]


def test_retired_month_keeps_its_rows_in_the_archive(migrated_engine: Engine) -> None:
    run(migrated_engine, MAKE_A_MONTH)
    with migrated_engine.begin() as connection:
        make_row(connection, "usage_logs", timestamp=MOMENTS[1])
    run(migrated_engine, RETIRE_A_MONTH)
    with migrated_engine.connect() as connection:
        assert not rows_of(connection, "usage_logs")
        assert len(rows_of(connection, "archive.usage_logs_p20261101")) == 1


def run(engine: Engine, sql: str) -> None:
    result = psql(engine, "--set", "ON_ERROR_STOP=on", script=sql)
    assert result.returncode == 0, result.stderr


def rows_of(connection: Connection, table: str) -> set[object]:
    return set(catalog.rows(connection, f"SELECT id, user_id, timestamp FROM {table}"))
