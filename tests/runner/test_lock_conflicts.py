"""Other sessions' locks: the run waits briefly, says who is in the way, and tries again."""

import re
import threading
from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from tests.runner.database import ask, holding, pid_of, revision_of, wait_until, with_driver
from tests.runner.load import released_once_said
from tests.runner.revisions import Revisions
from tests.support.revisions import HEAD

ConfigFor = Callable[[Engine], Config]

BUSY = "UPDATE users SET full_name = 'a transaction that is still open'"
WHO = """SELECT usename || ' at ' || coalesce(host(client_addr), 'local socket')
         FROM pg_stat_activity WHERE pid = {pid}"""


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "app.runner")


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_blocked_revision_is_tried_again_and_names_the_blocker(
    driver: str,
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    caplog: pytest.LogCaptureFixture,
) -> None:
    new = revisions.add_sql("ALTER TABLE users ADD COLUMN extra int")
    with holding(migrated_engine, BUSY) as holder:
        pid = pid_of(holder)
        who = ask(migrated_engine, WHO.format(pid=pid))
        with released_once_said(holder, caplog, "blocked by pid"):
            command.upgrade(config_for(with_driver(migrated_engine, driver)), "head")
    assert (
        f"Upgrade {HEAD} -> {new}, Revision {new} of a test did not get a lock within 300 ms"
        in (caplog.text)
    )
    assert f"blocked by pid {pid} ({who}), in a transaction for " in caplog.text
    assert "idle in transaction, last: SELECT pg_backend_pid()" in caplog.text
    assert f"Its transaction was rolled back: the database is at {HEAD}. Attempt 2 of 12" in (
        caplog.text
    )
    assert f"Now at {new} (head): 1 revision in " in caplog.text
    assert revision_of(migrated_engine) == revisions.head


def test_run_gives_up_after_its_attempts_and_leaves_the_database_alone(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_LOCK_ATTEMPTS", "2")
    revisions.add_sql("CREATE TABLE made_before_it ()", "LOCK TABLE users")
    with holding(migrated_engine, BUSY) as holder:
        pid = pid_of(holder)
        with pytest.raises(CommandError) as refusal:
            command.upgrade(config_for(migrated_engine), "head")
    message = str(refusal.value)
    assert f"blocked by pid {pid} (" in message
    assert (
        "That was attempt 2 of 2.\nIts transaction was rolled back: the database is at" in message
    )
    assert message.endswith(f"or end it: SELECT pg_terminate_backend({pid});")
    assert revision_of(migrated_engine) == HEAD
    assert ask(migrated_engine, "SELECT to_regclass('made_before_it')") is None


def test_relative_target_goes_no_further_when_tried_again(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = revisions.add_sql("CREATE SEQUENCE runs", "SELECT nextval('runs')")
    second = revisions.add_sql("SELECT nextval('runs')", "LOCK TABLE users")
    revisions.add_sql("SELECT nextval('runs')")
    with (
        holding(migrated_engine, BUSY) as holder,
        released_once_said(holder, caplog, "Attempt 2 of"),
    ):
        command.upgrade(config_for(migrated_engine), "+2")
    assert revision_of(migrated_engine) == second
    assert int(ask(migrated_engine, "SELECT last_value FROM runs") or 0) >= 3, "nothing was retried"
    command.downgrade(config_for(migrated_engine), "-1")
    assert revision_of(migrated_engine) == first


def test_attempt_begins_with_the_defaults_that_the_one_before_it_began_with(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    caplog: pytest.LogCaptureFixture,
) -> None:
    revisions.add_sql("CREATE TABLE noted (text text)")
    revisions.add(
        "op.execute(\"INSERT INTO noted VALUES (current_setting('transaction_deferrable'))\")",
        "with op.get_context().autocommit_block():",
        "    op.execute('SET default_transaction_deferrable = on')",
        "op.execute('LOCK TABLE users')",
    )
    with (
        holding(migrated_engine, BUSY) as holder,
        released_once_said(holder, caplog, "Attempt 2 of"),
    ):
        command.upgrade(config_for(migrated_engine), "head")
    assert int(ask(migrated_engine, "SELECT count(*) FROM noted") or 0) >= 2, "nothing was retried"
    assert ask(migrated_engine, "SELECT string_agg(DISTINCT text, ' ') FROM noted") == "off"


def test_deadlock_is_tried_again(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("DATABASE_LOCK_TIMEOUT", "10s")
    revisions.add_sql("LOCK TABLE teams", "LOCK TABLE users")
    with holding(migrated_engine, BUSY) as holder:
        pid = pid_of(holder)
        upgrade = threading.Thread(
            target=command.upgrade, args=(config_for(migrated_engine), "head")
        )
        upgrade.start()
        wait_until(migrated_engine, f"SELECT {pid} = ANY (pg_blocking_pids(pid)) FROM pg_locks")
        holder.exec_driver_sql("LOCK TABLE teams")
        holder.rollback()
    upgrade.join(timeout=20)
    assert f"ran into a deadlock, blocked by pid {pid} (" in caplog.text
    assert revision_of(migrated_engine) == revisions.head


def test_alembic_version_locked_by_somebody_is_waited_for(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("CREATE TABLE extra ()")
    with holding(migrated_engine, "LOCK TABLE alembic_version") as holder:
        release = threading.Timer(0.5, holder.rollback)
        release.start()
        command.upgrade(config_for(migrated_engine), "head")
        release.join()
    assert revision_of(migrated_engine) == revisions.head


def test_no_other_error_is_tried_again(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("CREATE SEQUENCE runs")
    revisions.add_sql("SELECT nextval('runs')", "SELECT 1/0")
    with pytest.raises(CommandError, match="division by zero"):
        command.upgrade(config_for(migrated_engine), "head")
    assert ask(migrated_engine, "SELECT last_value FROM runs") == "1"


def test_timeouts_hold_for_each_revision_whatever_the_one_before_set(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT", "30s")
    note = "INSERT INTO noted SELECT current_setting('lock_timeout'), {}".format(
        "current_setting('statement_timeout')"
    )
    revisions.add_sql("CREATE TABLE noted (lock text, statement text)", note)
    revisions.add_sql("SET lock_timeout = 0", "SET statement_timeout = 0", note)
    revisions.add_sql(note)
    command.upgrade(config_for(migrated_engine), "head")
    noted = ask(migrated_engine, "SELECT string_agg(lock || '/' || statement, ' ') FROM noted")
    assert noted == "300ms/30s 0/0 300ms/30s"


def test_statement_timeout_is_reported_with_the_way_out(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT", "100ms")
    revisions.add_sql("SELECT pg_sleep(20)")
    with pytest.raises(
        CommandError, match=r"statement timeout \[57014\](.|\n)*-x statement_timeout"
    ):
        command.upgrade(config_for(migrated_engine), "head")


def test_long_wait_without_a_timeout_is_reported_while_it_lasts(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("app.runner.watch.FIRST_REPORT_SECONDS", 0.2)
    monkeypatch.setattr("app.runner.watch.REPEAT_SECONDS", 0.3)
    revisions.add_sql("SET lock_timeout = 0", "ALTER TABLE users ADD COLUMN extra int")
    with holding(migrated_engine, BUSY) as holder:
        pid = pid_of(holder)
        with released_once_said(holder, caplog, "Blocked for", times=2):
            command.upgrade(config_for(migrated_engine), "head")
    first, second, *_ = map(int, re.findall(r"Blocked for (\d+) ms by pid ", caplog.text))
    assert first >= 200
    assert second >= 500
    assert f"by pid {pid} (" in caplog.text
