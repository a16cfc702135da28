"""Rows in DEFAULT go to their month: all of them, as they were, or none."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine

from app.partitions.messages import long_call
from tests.partitions.database import KEYS, Done, ensure, partitions, rows_of, scalar, strand
from tests.runner.database import wait_until
from tests.schema.rows import make_row

MOMENTS = (
    "2071-01-31 23:59:59.999999+00",
    "2071-02-01 00:00+00",
    "2071-02-28 23:59:59.999999+00",
    "2071-03-01 00:00+00",
)


@pytest.mark.parametrize("table", KEYS)
def test_rows_are_the_same_in_their_months(own: Connection, table: str) -> None:
    for moment in MOMENTS:
        make_row(own, table, **{KEYS[table]: moment})
    before = rows_of(own, table)
    assert rows_of(own, f"{table}_default") == before
    assert ensure(own).moved == len(MOMENTS)
    assert rows_of(own, table) == before
    counts = [len(rows_of(own, name)) for name in partitions(own, table)]
    assert counts == [1, 2, 1]
    assert rows_of(own, f"{table}_default") == set()


def test_second_call_changes_nothing(own: Connection) -> None:
    strand(own, "2071-02-01 00:00+00", "2071-03-31 00:00+00")
    ensure(own)
    before = scalar(own, "SELECT max(oid::bigint) FROM pg_class")
    assert ensure(own) == (0, 0, 0)
    assert scalar(own, "SELECT max(oid::bigint) FROM pg_class") == before


def test_rows_of_no_month_stay(own: Connection) -> None:
    for moment in ("-infinity", "infinity"):
        make_row(own, "usage_logs", timestamp=moment)
    assert ensure(own).moved == 0
    assert scalar(own, "SELECT count(*) FROM usage_logs_default") == 2


@pytest.mark.parametrize(
    "moment", ["0044-03-15 12:00+00 BC", "0001-01-01 00:00+00", "10000-01-01 00:00+00"]
)
def test_rows_of_far_times_are_moved_too(own: Connection, moment: str) -> None:
    strand(own, moment, moment)
    assert ensure(own).moved == 1
    assert ensure(own).created == 0


def test_row_of_the_last_month_there_is_stays(own: Connection) -> None:
    for moment in ("294276-11-30 00:00+00", "294276-12-01 00:00+00"):
        strand(own, moment, moment)
    assert ensure(own) == (4, 1, 0)
    assert scalar(own, "SELECT count(*) FROM usage_logs_default") == 1


@pytest.mark.parametrize("action", ["CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION", "RESTRICT"])
@pytest.mark.parametrize("referenced", ["usage_logs", "usage_logs_default"])
def test_rows_stay_that_others_reference(own: Connection, referenced: str, action: str) -> None:
    own.exec_driver_sql(
        "CREATE TABLE details (log bigint DEFAULT 0, at timestamptz, CONSTRAINT of_log FOREIGN KEY"
        f" (log, at) REFERENCES {referenced} (id, timestamp) ON DELETE {action})"
    )
    strand(own, "2071-02-14 00:00+00", "2071-02-14 00:00+00")
    own.exec_driver_sql("INSERT INTO details SELECT id, timestamp FROM usage_logs")
    before = rows_of(own, "usage_logs_default"), rows_of(own, "details")
    warnings: list[str] = []
    with long_call(own, "warning", warnings.append):
        assert ensure(own) == (2, 0, 1)
    assert (rows_of(own, "usage_logs_default"), rows_of(own, "details")) == before
    (said,) = warnings
    assert said.startswith("usage_logs: no partition for 2071-02, its rows stay in DEFAULT: ")
    assert "foreign key" in said
    assert "details" in said
    own.exec_driver_sql("ALTER TABLE details DROP CONSTRAINT of_log")
    assert ensure(own) == (1, 1, 0)
    assert rows_of(own, "details") == before[1]


def test_two_calls_at_once_make_each_month_once(own: Connection, bare_engine: Engine) -> None:
    strand(own, "2071-02-01 00:00+00", "2071-05-31 00:00+00", "1 hour")
    before = rows_of(own, "usage_logs")

    def call(_: int) -> Done:
        with bare_engine.connect() as connection:
            return ensure(connection.execution_options(isolation_level="AUTOCOMMIT"))

    with ThreadPoolExecutor(3) as pool:
        calls = list(pool.map(call, range(3)))
    assert sum(done.created for done in calls) == 4 + 2
    assert sum(done.moved for done in calls) == len(before)
    assert sum(done.failed for done in calls) == 0
    assert rows_of(own, "usage_logs") == before


def test_call_under_repeatable_read_sees_what_others_committed(
    own: Connection, bare_engine: Engine
) -> None:
    own.exec_driver_sql("SET default_transaction_isolation TO 'repeatable read'")
    own.exec_driver_sql("SET deadlock_timeout TO '5s'")
    strand(own, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    with bare_engine.connect() as other, ThreadPoolExecutor(1) as pool:
        make_row(other, "usage_logs", timestamp="2071-02-14 12:00+00")
        call = pool.submit(ensure, own)
        wait_until(bare_engine, "SELECT NOT granted FROM pg_locks WHERE NOT granted")
        other.commit()
        assert call.result() == (3, 28 + 1, 0)


@pytest.mark.parametrize("table", ["users", "usage_logs", "usage_logs_default"])
def test_rows_stay_and_are_reported_while_others_hold_the_locks(
    own: Connection, bare_engine: Engine, table: str
) -> None:
    strand(own, "2071-02-01 00:00+00", "2071-02-03 00:00+00")
    own.exec_driver_sql("SET deadlock_timeout TO '10ms'")
    with locked(bare_engine, table):
        done = ensure(own)
        assert (done.moved, done.failed) == (0, 3 if table == "users" else 1)
        assert scalar(own, "SHOW lock_timeout") == "0"
        assert scalar(own, "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()") <= 2
    assert scalar(own, "SELECT count(*) FROM usage_logs_default") == 3
    assert ensure(own).moved == 3


def test_new_row_on_its_way_to_the_default_partition_arrives_in_its_month(
    own: Connection, bare_engine: Engine
) -> None:
    """ATTACH PARTITION under a weaker lock would fail the INSERT that it overtakes."""
    own.exec_driver_sql("SET deadlock_timeout = '2s'")
    strand(own, "2071-02-01 00:00+00", "2071-02-28 23:59+00", "1 minute")

    def insert(_: int) -> str:
        with bare_engine.begin() as connection:
            row = make_row(connection, "usage_logs", timestamp="2071-02-14 12:00+00")
            return str(row["id"])

    with ThreadPoolExecutor(4) as pool:
        written = pool.map(insert, range(400))
        assert ensure(own).failed == 0
        assert len(set(written)) == 400
    ensure(own)
    assert scalar(own, "SELECT count(*) FROM usage_logs_p20710201") == 28 * 24 * 60 + 400


@contextmanager
def locked(engine: Engine, table: str) -> Iterator[None]:
    """Let another session hold ``table`` as one that writes there and reads on does."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"LOCK TABLE ONLY {table} IN ROW EXCLUSIVE MODE")
        yield
        connection.rollback()
