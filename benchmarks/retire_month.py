"""How long it takes to be rid of a month's rows: by its partition, and by DELETE.

    python -m benchmarks.retire_month
    python -m benchmarks.retire_month --rows 20000 --rounds 1

Three months of ``usage_logs`` hold the same rows; one is archived and one dropped by
``retire_partitions``, one is deleted, and the table vacuumed as autovacuum would. The times are
medians of the rounds, the write-ahead log is that of the last one. Works in a database of its own
on the server of DATABASE_URL, else on the embedded server.
"""

import argparse
import statistics
import time

from sqlalchemy import Connection

from benchmarks.stock import throwaway_databases

WAYS = {
    "archived": ("CALL retire_partitions('1 month', as_of => '2071-03-01 00:00+00')",),
    "dropped": ("CALL retire_partitions('1 month', drop => true, as_of => '2071-04-01 00:00+00')",),
    "deleted and vacuumed": (
        "DELETE FROM usage_logs"
        " WHERE timestamp >= '2071-03-01 00:00+00' AND timestamp < '2071-04-01 00:00+00'",
        "VACUUM usage_logs_p20710301",
    ),
}
_FILL = """\
INSERT INTO usage_logs (user_id, action_type, details, timestamp)
SELECT id, 'asset_exported', '{"format": "png", "width": 4096}',
       month + n * interval '28 days' / %s
FROM generate_series(timestamptz '2071-01-01 00:00+00', '2071-03-05', '1 month') AS month,
     generate_series(0, %s) AS n,
     LATERAL (SELECT id FROM users OFFSET n %% 100 LIMIT 1) AS u"""
_USERS = """\
INSERT INTO users (email, username, password_hash)
SELECT n || '@example.com', n, 'x' FROM generate_series(1, 100) AS n ON CONFLICT DO NOTHING"""


def fill(connection: Connection, rows: int) -> None:
    """Give each of three months ``rows`` rows in a partition of its own."""
    connection.exec_driver_sql("SET TimeZone TO 'UTC'")
    connection.exec_driver_sql("DROP SCHEMA IF EXISTS archive CASCADE")
    connection.exec_driver_sql("TRUNCATE usage_logs")
    connection.exec_driver_sql(_USERS)
    connection.exec_driver_sql(
        "CALL retire_partitions('1 month', drop => true, as_of => '2099-01-01')"
    )
    connection.exec_driver_sql("CALL ensure_partitions(2, '2071-01-15 00:00+00')")
    connection.exec_driver_sql(_FILL, (rows, rows - 1))
    connection.exec_driver_sql("VACUUM ANALYZE usage_logs")
    connection.exec_driver_sql("CHECKPOINT")


def measure(connection: Connection, statements: tuple[str, ...]) -> tuple[float, int]:
    """Return the seconds and the bytes of write-ahead log that ``statements`` take."""
    before = connection.exec_driver_sql("SELECT pg_current_wal_lsn()").scalar_one()
    start = time.perf_counter()
    for statement in statements:
        connection.exec_driver_sql(statement)
    seconds = time.perf_counter() - start
    written = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s)::bigint"
    return seconds, connection.exec_driver_sql(written, (before,)).scalar_one()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.retire_month", description="Retire a month, or DELETE its rows."
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="of a month (default: 1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    options = parser.parse_args()
    databases = throwaway_databases()
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    log: dict[str, int] = {}
    with (
        databases.migrated() as template,
        databases.create(template) as engine,
        engine.connect() as connection,
    ):
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for _ in range(options.rounds):
            fill(connection, options.rows)
            for way, statements in WAYS.items():
                seconds, log[way] = measure(connection, statements)
                times[way].append(seconds)
    databases.dispose()
    print(f"A month of {options.rows:,} rows\n")
    print("| | Time | Write-ahead log | DELETE takes |\n|---|---:|---:|---:|")
    deleting = statistics.median(times["deleted and vacuumed"])
    for way, each in times.items():
        median = statistics.median(each)
        ratio = f"{deleting / median:.0f} times as long"
        print(f"| {way} | {median:.3f} s | {log[way] / 1e6:.1f} MB | {ratio} |")


if __name__ == "__main__":
    main()
