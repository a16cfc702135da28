"""What autogenerate costs where there are many tables.

    python -m benchmarks.many_tables [200 400 800 1600]

For each number of tables, in a database of its own on the server of DATABASE_URL, else on the
embedded server: a revision from an empty database, a check that has to build the models and one
that remembers them, one added column, and a revision to an empty database.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

from benchmarks.stock import throwaway_databases
from tests.autogenerate.foreign.project import Project


def many(count: int) -> MetaData:
    """Return ``count`` tables, each with a foreign key to the one before it."""
    metadata = MetaData()
    for n in range(count):
        Table(
            f"t{n}",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("name", sa.String(50), nullable=False, index=True),
            Column("at", sa.DateTime(timezone=True), server_default=sa.func.now()),
            Column("amount", sa.Numeric(10, 2)),
            Column("previous", ForeignKey(f"t{n - 1}.id" if n else "t0.id")),
            sa.CheckConstraint("amount > 0", name=f"ck{n}"),
        )
    return metadata


def timed(run: Callable[[], object]) -> float:
    """Return how many seconds ``run`` takes."""
    begin = time.perf_counter()
    with redirect_stdout(StringIO()):
        run()
    return time.perf_counter() - begin


def measure(project: Project, count: int) -> list[float]:
    """Return the seconds of each column of the table."""

    def written() -> float:
        seconds = timed(project.write)
        for path in project.files():
            path.unlink()
        return seconds

    project.models = many(count)
    from_empty = written()
    project.create(many(count))
    with project.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    cold, warm = timed(project.check), timed(project.check)
    project.models.tables["t7"].append_column(Column("extra", sa.Text))
    one_column = written()
    project.models = MetaData()
    return [from_empty, cold, warm, one_column, written()]


def main() -> None:
    """Print the table."""
    counts = [int(each) for each in sys.argv[1:]] or [200, 400, 800, 1600]
    databases = throwaway_databases()
    print("| Tables | From empty | Check, cold | Check, warm | One column | To empty |")
    print("|---:|---:|---:|---:|---:|---:|")
    for count in counts:
        with TemporaryDirectory() as directory, databases.create() as engine:
            os.environ["AUTOGENERATE_CACHE"] = f"{directory}/cache"
            seconds = measure(Project(Path(directory) / "project", engine, "many"), count)
        shown = " | ".join(f"{each:.1f} s" for each in seconds)
        print(f"| {count} | {shown} |", flush=True)
    databases.dispose()


if __name__ == "__main__":
    main()
