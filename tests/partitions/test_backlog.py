"""Years of rows in DEFAULT: moved month by month, with time for others in between."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from json import dumps

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.partitions import routines
from app.partitions.messages import long_call
from tests.partitions.database import Done, ensure, partitions, rows_of, scalar, strand
from tests.partitions.test_writers import ADD_USERS, set_deadlock_timeout
from tests.partitions.writers import USER, Writers
from tests.runner.database import ask, wait_until, with_driver

MOST = 20


def ensure_at_most(
    connection: Connection, most_rows: int | None, months_ahead: int = 0
) -> tuple[Done, list[str]]:
    said: list[str] = []
    call = f"CALL ensure_partitions({months_ahead}, '2071-02-14 12:00+00', {most_rows or 'NULL'})"
    with long_call(connection, "notice", said.append):
        return Done(*connection.exec_driver_sql(call).one()), said


def test_month_of_too_many_rows_stays_until_the_recipe_is_followed(own: Connection) -> None:
    strand(own, "2071-01-01 00:00+00", "2071-01-20 00:00+00")
    strand(own, "2071-02-01 00:00+00", "2071-02-21 00:00+00")
    strand(own, "2070-12-01 00:00+00", "2070-12-31 00:00+00")
    before = rows_of(own, "usage_logs")
    done, said = ensure_at_most(own, MOST)
    assert done == (3, 20, 2)
    (warning,) = (each for each in said if " stay in DEFAULT" in each)
    assert warning == (
        "usage_logs: the rows of 2070-12 to 2071-02 (2 months) stay in DEFAULT: more than 20"
        " a month would stop writers too long; in a quiet hour:"
        " CALL public.ensure_partitions(most_rows => 31)"
    )
    assert list(partitions(own, "usage_logs")) == ["usage_logs_p20710101"]
    own.exec_driver_sql(warning.rpartition("quiet hour: ")[2])
    assert scalar(own, "SELECT count(*) FROM usage_logs_default") == 0
    assert rows_of(own, "usage_logs") == before


def test_months_that_are_needed_next_come_first(own: Connection) -> None:
    strand(own, "2070-11-01 00:00+00", "2071-03-20 00:00+00")
    _, said = ensure_at_most(own, 100, 2)
    months = [each.split()[3] for each in said if each.startswith("usage_logs: ")]
    assert months == ["2071-02", "2071-03", "2071-04", "2070-11", "2070-12", "2071-01"]
    (first, *_) = (each for each in said if each.startswith("usage_logs: "))
    assert first.endswith("28 rows moved there from DEFAULT; 5 more to do")
    assert said[-1].endswith("31 rows moved there from DEFAULT")


def test_call_that_was_interrupted_is_taken_up_again(own: Connection, bare_engine: Engine) -> None:
    strand(own, "2067-01-01 00:00+00", "2071-02-14 00:00+00", "1 hour")
    before = scalar(own, "SELECT count(*) FROM usage_logs")
    pid = scalar(own, "SELECT pg_backend_pid()")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(ensure, own)
        wait_until(bare_engine, "SELECT to_regclass('usage_logs_p20670201') IS NOT NULL")
        ask(bare_engine, f"SELECT pg_cancel_backend({pid})")
        with pytest.raises(DBAPIError, match="canceling statement due to user request"):
            call.result()
    assert 0 < len(partitions(own, "usage_logs", "%_p20%")) < 12 * 4 + 2
    assert ensure(own).failed == 0
    assert len(partitions(own, "usage_logs", "%_p20%")) == 12 * 4 + 2
    assert scalar(own, "SELECT count(*) FROM usage_logs_default") == 0
    assert scalar(own, "SELECT count(*) FROM usage_logs") == before


def test_pause_after_a_month_is_at_least_as_long_as_the_move(own: Connection) -> None:
    strand(own, "2071-02-01 00:00+00", "2071-02-28 00:00+00", "1 minute")
    state = scalar(own, "SELECT ensure_tasks(0, '2071-02-14 00:00+00', 100000)")
    moves = 0
    while state["tasks"]:
        began = time.monotonic()
        run = "SELECT run_next_task(CAST(%s AS jsonb))"
        next_state = own.exec_driver_sql(run, (dumps(state),)).scalar_one()
        took = time.monotonic() - began
        if next_state["moved"] > state["moved"]:
            assert next_state["pause"] > 0.5 * took
            moves += 1
        elif next_state["created"] == state["created"]:
            assert next_state["pause"] is None
        state = next_state
    assert moves == 1


@pytest.mark.parametrize("most_rows", ["-1", "NULL"])
def test_no_number_of_rows_is_refused(own: Connection, most_rows: str) -> None:
    with pytest.raises(DBAPIError, match="no number of rows, 0 or more"):
        own.exec_driver_sql(f"CALL ensure_partitions(most_rows => {most_rows})")


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_each_month_is_told_when_it_is_done(
    own: Connection, bare_engine: Engine, driver: str
) -> None:
    strand(own, "2060-01-01 00:00+00", "2061-02-14 00:00+00", "1 hour")
    told: list[float] = []
    with with_driver(bare_engine, driver).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with long_call(connection, "notice", lambda _: told.append(time.monotonic()), at_once=True):
            routines.ensure(connection)
        ended = time.monotonic()
    assert len(told) == 14 + 12
    assert sum(ended - at > 0.02 for at in told) > 14


def test_asyncpg_calls_the_routines_too(bare_engine: Engine) -> None:
    async def call() -> routines.Ensured:
        engine = create_async_engine(bare_engine.url.set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            done = await connection.run_sync(routines.ensure)
        await engine.dispose()
        return done

    assert asyncio.run(call()) == (12, 0, 0)


def test_limit_is_the_same_in_python_and_in_sql(own: Connection) -> None:
    default = "pg_get_function_arg_default('ensure_partitions'::regproc, 3)"
    assert scalar(own, f"SELECT {default}") == str(routines.DEFAULT_MOST_ROWS)
    default = "pg_get_function_arg_default('ensure_partitions'::regproc, 1)"
    assert scalar(own, f"SELECT {default}") == str(routines.DEFAULT_MONTHS_AHEAD)


TEN_YEARS = """\
INSERT INTO usage_logs (user_id, action_type, timestamp)
SELECT (%s::uuid[])[1 + n %% 50], 'stranded',
       timestamptz '2061-02-14 00:00+00' + n * interval '315 seconds'
FROM generate_series(0, 1000000) AS n"""


@pytest.mark.fault
@pytest.mark.timeout(1800)
def test_ten_years_leave_writers_half_of_their_time(own: Connection, bare_engine: Engine) -> None:
    set_deadlock_timeout(own, "1s")
    users = list(own.exec_driver_sql(ADD_USERS).scalars())
    own.exec_driver_sql(TEN_YEARS, (users,))
    own.exec_driver_sql("VACUUM ANALYZE usage_logs")
    pool = create_engine(bare_engine.url, pool_size=8)

    def rate(work: Callable[[], object]) -> tuple[float, float]:
        with Writers(pool, USER, 8, users) as writers:
            began = time.monotonic()
            work()
            took = time.monotonic() - began
        assert writers.errors == []
        return writers.written / took, writers.longest

    before, _ = rate(lambda: time.sleep(10))
    done: list[Done] = []
    during, stall = rate(lambda: done.append(ensure(own)))
    after, _ = rate(lambda: time.sleep(10))
    pool.dispose()
    print(
        f"{done[0].moved} rows moved; transactions a second before, during and after:"
        f" {before:.0f}, {during:.0f}, {after:.0f}; the longest of them took {stall:.2f} s"
    )
    assert (done[0].created, done[0].failed) == (122 + 2, 0)
    assert done[0].moved >= 1_000_001
    assert during >= (before + after) / 4
    assert stall < 1
