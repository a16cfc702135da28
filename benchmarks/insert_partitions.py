"""How fast rows go into a table of 60 monthly partitions, beside one with a single partition.

    python -m benchmarks.insert_partitions
    python -m benchmarks.insert_partitions --rows 5000 --rounds 2

The same rows of ``usage_logs`` into both, in statements of one row and of 1,000 rows, all of one
month as an application writes them, and over the five years as an import does. Rounds alternate who
begins; the rates are those of the median times, and the ratio is that of the rates. Works in
databases of its own on the server of DATABASE_URL, else on the embedded server.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine

from benchmarks.stock import throwaway_databases

_ONE = """\
CREATE TABLE usage_logs_all PARTITION OF usage_logs
FOR VALUES FROM ('2071-01-01 00:00+00') TO ('2076-01-01 00:00+00')"""
_SIXTY = "CALL ensure_partitions(59, '2071-01-15 00:00+00')"
_INSERT = """\
INSERT INTO usage_logs (action_type, timestamp)
SELECT 'login_success', timestamptz '2071-01-01 00:00+00' + n * interval '%s days' / %s
FROM generate_series(%s, %s) AS n"""
ONE_MONTH, FIVE_YEARS = 28, 1800
BATCH = 1_000


def insert_singly(connection: Connection, rows: int, days: int) -> None:
    """Insert ``rows`` rows over ``days`` days, one by a statement, in one transaction."""
    for n in range(rows):
        connection.exec_driver_sql(_INSERT % (days, rows, n, n))


def insert_in_batches(connection: Connection, rows: int, days: int) -> None:
    """Insert ``rows`` rows, 1,000 by a statement, each statement over all ``days`` days."""
    size = min(BATCH, rows)
    for _ in range(rows // size):
        connection.exec_driver_sql(_INSERT % (days, size, 0, size - 1))


def seconds(engine: Engine, insert: Callable[..., None], rows: int, days: int) -> float:
    """Return how long ``insert`` takes, its commit included."""
    with engine.connect() as connection:
        connection.exec_driver_sql("TRUNCATE usage_logs")
        connection.commit()
        start = time.perf_counter()
        insert(connection, rows, days)
        connection.commit()
        return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.insert_partitions",
        description="Insert into 60 partitions and into one.",
    )
    parser.add_argument("--rows", type=int, default=100_000, help="by batches (default: 100000)")
    parser.add_argument("--rounds", type=int, default=7, help="default: 7")
    options = parser.parse_args()
    databases = throwaway_databases()
    print("| Statements of | Rows within | 1 partition | 60 partitions | 60 : 1 |")
    print("|---|---|---:|---:|---:|")
    with (
        databases.migrated() as template,
        databases.create(template) as one,
        databases.create(template) as sixty,
    ):
        for engine, statement in (one, _ONE), (sixty, _SIXTY):
            with engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql(statement)
        for name, insert, rows in (
            ("1 row", insert_singly, options.rows // 20),
            ("1,000 rows", insert_in_batches, options.rows),
        ):
            for span, days in ("one month", ONE_MONTH), ("five years", FIVE_YEARS):
                times: dict[Engine, list[float]] = {one: [], sixty: []}
                for number in range(options.rounds):
                    for engine in (one, sixty) if number % 2 else (sixty, one):
                        times[engine].append(seconds(engine, insert, rows, days))
                rates = [rows / statistics.median(times[engine]) for engine in (one, sixty)]
                shown = " | ".join(f"{rate:,.0f} rows/s" for rate in rates)
                ratio = f"{rates[0] / rates[1]:.2f} times the time"
                print(f"| {name} | {span} | {shown} | {ratio} |", flush=True)
    databases.dispose()


if __name__ == "__main__":
    main()
