"""How long ``alembic check`` takes with 0, 300 and 3,000 partitions, ours and stock in one run.

    python -m benchmarks.check_partitions

Each time is the median of whole processes, from the shell to the verdict. Stock is timed as it
comes, where it reflects each partition and proposes to drop it, and with a filter that hides them.
Works in databases of its own on the server of DATABASE_URL, else on the embedded server.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import URL, Connection, text

from benchmarks.stock import throwaway_databases

ROOT = Path(__file__).parents[1]
STOCK = ROOT / "benchmarks" / "stock_environment" / "alembic.ini"
COUNTS = (0, 300, 3000)
TABLES = ("credit_transactions", "notifications", "usage_logs")
RUNS = 5
_CREATE = text("""
SELECT format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
              CAST(:parent AS text) || to_char(day, '"_"YYYY_MM_DD'), CAST(:parent AS text),
              day, day + 1)
FROM (SELECT DATE '2031-01-01' + n AS day FROM generate_series(1, :count) AS n) AS days
""")


def create_partitions(connection: Connection, count: int) -> None:
    """Create ``count`` partitions, shared out among the partitioned tables, and no others."""
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.exec_driver_sql(
        "CALL retire_partitions('1 month', drop => true, as_of => '2030-01-01')"
    )
    for table in TABLES:
        parameters = {"parent": table, "count": count // len(TABLES)}
        for statement in connection.execute(_CREATE, parameters).scalars().all():
            connection.exec_driver_sql(statement)


def seconds(url: URL, *arguments: str, runs: int = RUNS) -> float:
    """Return the median time of ``alembic check``, given ``arguments``, on the database ``url``."""
    times = []
    address = url.render_as_string(hide_password=False)
    run = [sys.executable, "-c", _RUN, address, *arguments]
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(run, cwd=ROOT, capture_output=True, check=False)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


_RUN = """
import sys
from alembic.config import CommandLine, Config
line = CommandLine()
options = line.parser.parse_args([*sys.argv[2:], "check"])
config = Config(options.config[0] if options.config else "alembic.ini", cmd_opts=options)
config.set_main_option("sqlalchemy.url", sys.argv[1].replace("%", "%%"))
line.run_cmd(config, options)
"""


def main() -> None:
    """Print the table."""
    databases = throwaway_databases()
    print("| Partitions | Ours | Stock | Stock, partitions hidden |")
    print("|---:|---:|---:|---:|")
    with databases.migrated() as template:
        for count in COUNTS:
            with databases.create(template) as engine:
                with engine.connect() as connection:
                    create_partitions(connection, count)
                ours = seconds(engine.url)
                stock = seconds(engine.url, "-c", str(STOCK), runs=RUNS if count < 3000 else 1)
                hidden = seconds(engine.url, "-x", "hide", "-c", str(STOCK))
            print(f"| {count:,} | {ours:.2f} s | {stock:.2f} s | {hidden:.2f} s |", flush=True)
    databases.dispose()


if __name__ == "__main__":
    main()
