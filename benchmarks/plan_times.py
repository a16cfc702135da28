"""Whether the times that ``creativeflow-schema plan --measure`` tells are those that it takes.

    python -m benchmarks.plan_times [ROWS ...]

For tables of 100 thousand, 1 million and 5 million rows each rule is measured beforehand and then
validated, or its misfits counted; a run is covered if its time lies in the range that was told.
Fails if fewer than nine in ten are. Works in a database of its own on the server of DATABASE_URL,
else on the embedded server.
"""

import sys
import time

from sqlalchemy import Connection

from app.catalog.misfits import Question, questions
from app.catalog.snapshot import snapshot
from app.plan.measuring import measure
from benchmarks.stock import throwaway_databases

SIZES = (100_000, 1_000_000, 5_000_000)
ROUNDS = 5
SHARE = 0.9
TABLES = """\
CREATE TABLE people (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, email varchar(255),
    balance numeric(10, 2), created_at timestamptz DEFAULT now());
CREATE TABLE actions (id bigserial PRIMARY KEY, person_id uuid, kind text, credits int)"""
FILL = """\
INSERT INTO people (name, email, balance)
SELECT 'User ' || n, n || '@example.com', mod(n, 100) FROM generate_series(1, {rows}) AS n;
INSERT INTO actions (person_id, kind, credits) SELECT id, 'exported', 1 FROM people;
ANALYZE people; ANALYZE actions"""
# What comes, how it is undone, and what validates it; None: its misfits are counted only.
RULES = {
    "check": (
        "ALTER TABLE people ADD CONSTRAINT rule CHECK (balance >= 0 AND name <> '') NOT VALID",
        "ALTER TABLE people DROP CONSTRAINT rule",
        "ALTER TABLE people VALIDATE CONSTRAINT rule",
    ),
    "not null": (
        "ALTER TABLE people ALTER name SET NOT NULL",
        "ALTER TABLE people ALTER name DROP NOT NULL",
        "ALTER TABLE people ALTER name SET NOT NULL",
    ),
    "foreign key": (
        "ALTER TABLE actions ADD CONSTRAINT rule FOREIGN KEY (person_id) REFERENCES people"
        " NOT VALID",
        "ALTER TABLE actions DROP CONSTRAINT rule",
        "ALTER TABLE actions VALIDATE CONSTRAINT rule",
    ),
    "unique": (
        "CREATE UNIQUE INDEX rule ON people (lower(email))",
        "DROP INDEX rule",
        None,
    ),
}


def question_of(connection: Connection, comes: str, goes: str) -> Question:
    """Return the question for the rule that the statement ``comes`` makes."""
    before = snapshot(connection, "public")
    connection.exec_driver_sql(comes)
    (question,) = questions(connection, "public", before, snapshot(connection, "public"))
    connection.exec_driver_sql(goes)
    return question


def seconds(connection: Connection, statement: str) -> float:
    """Return how long ``statement`` takes."""
    start = time.perf_counter()
    connection.exec_driver_sql(statement)
    return time.perf_counter() - start


def rounds(connection: Connection, rows: int) -> list[bool]:
    """Tell for each run whether its time was in the range that was told."""
    covered = []
    for name, (comes, goes, validate) in RULES.items():
        question = question_of(connection, comes, goes)
        for _ in range(ROUNDS):
            told = measure(connection, "public", [question])[question]
            real = {"counted": seconds(connection, str(question.count))}
            if validate is not None:
                if validate != comes:
                    connection.exec_driver_sql(comes)
                real["validated"] = seconds(connection, validate)
                connection.exec_driver_sql(goes)
            for what, took in real.items():
                covered.append(told.low <= took <= told.high)
                mark = "" if covered[-1] else "  outside"
                print(
                    f"{rows:>9,} rows: {name} {what:<9} in {took:7.3f} s, told "
                    f"{told.low:.3f} to {told.high:.3f} s{mark}"
                )
    return covered


def main() -> None:
    """Print the runs, and how many are covered."""
    databases = throwaway_databases()
    covered: list[bool] = []
    for rows in [int(argument) for argument in sys.argv[1:]] or SIZES:
        with (
            databases.create() as engine,
            engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            connection.exec_driver_sql(TABLES)
            connection.exec_driver_sql(FILL.format(rows=rows))
            connection.exec_driver_sql("SET max_parallel_workers_per_gather = 0")
            covered += rounds(connection, rows)
    databases.dispose()
    print(f"covered: {sum(covered)} of {len(covered)} (at least {SHARE:.0%} is claimed)")
    if sum(covered) < SHARE * len(covered):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
