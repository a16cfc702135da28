"""The second connection: opened when it can matter, never the caller's, and of little cost."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import QueuePool

from app.runner.watch import BlockerWatch
from tests.runner.database import execute, holding, pid_of
from tests.runner.load import released_once_said
from tests.runner.revisions import Revisions

ConfigFor = Callable[[Engine], Config]

SEEN = """\
SELECT count(*) FILTER (WHERE query ~ 'pg_stat_get_activity'),
       count(*) FILTER (WHERE query ~ 'pg_blocking_pids'), count(*)
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
    AND pid <> pg_backend_pid()"""


@contextmanager
def observing(engine: Engine) -> Iterator[list[tuple[int, int, int]]]:
    """Note all the time how many sessions ask what, and how many there are."""
    seen: list[tuple[int, int, int]] = []
    stop = threading.Event()

    def observe() -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not stop.wait(0.01):
                row = connection.exec_driver_sql(SEEN).one()
                seen.append((row[0], row[1], row[2]))

    thread = threading.Thread(target=observe)
    thread.start()
    yield seen
    stop.set()
    thread.join()


def test_run_of_short_statements_opens_no_second_connection(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add_sql(*["SELECT pg_sleep(0.02)"] * 40)
    config = config_for(migrated_engine)
    migrated_engine.dispose()
    with observing(migrated_engine) as seen:
        command.upgrade(config, "head")
    assert max(sessions for _, _, sessions in seen) == 1


def test_run_that_is_over_waits_for_nobody(migrated_engine: Engine) -> None:
    with migrated_engine.connect() as connection:
        started = time.monotonic()
        with BlockerWatch(connection, lock_timeout=1_800):
            pass
        assert time.monotonic() - started < 0.5


def test_statement_that_waits_for_no_lock_is_not_asked_about_blockers(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add_sql("SELECT pg_sleep(1)")
    config = config_for(migrated_engine)
    with observing(migrated_engine) as seen:
        command.upgrade(config, "head")
    assert max(waiting for waiting, _, _ in seen) == 1
    assert max(blocking for _, blocking, _ in seen) == 0


def test_pool_of_one_connection_costs_no_time_and_names_who_blocks(
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    revisions.add_sql("LOCK TABLE users", "SELECT pg_sleep(0.5)")
    pool = create_engine(migrated_engine.url, poolclass=QueuePool, pool_size=1, max_overflow=0)
    config = config_for(migrated_engine)
    with pool.connect() as connection:
        config.attributes["connection"] = connection
        with holding(migrated_engine, "SELECT FROM users") as holder:
            pid = pid_of(holder)
            with released_once_said(holder, caplog, "Attempt 2 of"):
                command.upgrade(config, "head")
        assert f"blocked by pid {pid} (" in caplog.text
        command.downgrade(config, "-1")
        started = time.monotonic()
        command.upgrade(config, "head")
        assert time.monotonic() - started < 1.4
    pool.dispose()


def test_commit_that_waits_for_a_lock_names_who_blocks(
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    execute(
        migrated_engine,
        "CREATE TABLE one (id int PRIMARY KEY)",
        "CREATE TABLE many (id int REFERENCES one DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO one VALUES (1)",
    )
    revisions.add_sql("INSERT INTO many VALUES (1)")
    with holding(migrated_engine, "UPDATE one SET id = 2") as holder:
        pid = pid_of(holder)
        with released_once_said(holder, caplog, "Attempt 2 of"):
            command.upgrade(config_for(migrated_engine), "head")
    assert f"blocked by pid {pid} (" in caplog.text


def test_watch_that_may_not_connect_is_no_reason_to_fail(
    empty_engine: Engine, guest_engine: Engine
) -> None:
    execute(empty_engine, f"ALTER ROLE {guest_engine.url.username} CONNECTION LIMIT 1")
    with guest_engine.connect() as connection:
        with BlockerWatch(connection, lock_timeout=40) as watch:
            connection.exec_driver_sql("SELECT pg_sleep(0.2)")
        assert watch.take() == []
