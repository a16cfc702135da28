"""One run at a time; the others wait, say for whom, and find nothing to do."""

import threading
import time
from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from app.runner.lock import only_run
from tests.runner.database import ask, catalog_of, pid_of, revision_of
from tests.runner.processes import finish, start_alembic
from tests.runner.revisions import Revisions
from tests.support.revisions import HEAD

ConfigFor = Callable[[Engine], Config]

HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = " + (
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)


def test_simultaneous_upgrades_all_succeed_and_one_migrates(
    empty_engine: Engine, shared_engine: Engine
) -> None:
    runs = [start_alembic(empty_engine, "upgrade", "head") for _ in range(4)]
    outputs = [finish(run, expect=0) for run in runs]
    assert sum("Upgrade base -> 0001" in output for output in outputs) == 1
    assert sum("nothing to do" in output for output in outputs) == 3
    assert catalog_of(empty_engine) == catalog_of(shared_engine)


def test_waiting_run_names_the_holder_and_goes_on_when_it_ends(
    empty_engine: Engine, config_for: ConfigFor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "app.runner")
    upgrade = threading.Thread(target=command.upgrade, args=(config_for(empty_engine), "head"))
    with empty_engine.connect() as holder:
        holder.exec_driver_sql("SET application_name TO 'other deployment'")
        pid = pid_of(holder)
        holder.commit()
        with only_run(holder, 0):
            upgrade.start()
            deadline = time.monotonic() + 5
            while "Waiting for" not in caplog.text and time.monotonic() < deadline:
                time.sleep(0.01)
            assert ask(empty_engine, "SELECT to_regclass('users')") is None
    upgrade.join(timeout=10)
    assert f"Waiting for another run: pid {pid} (" in caplog.text
    assert '"other deployment"), since 20' in caplog.text
    assert "The other run has ended after" in caplog.text
    assert revision_of(empty_engine) == HEAD


@pytest.mark.usefixtures("_no_patience")
def test_run_gives_up_with_the_holder_and_the_way_out(
    migrated_engine: Engine, config_for: ConfigFor
) -> None:
    with migrated_engine.connect() as holder:
        pid = pid_of(holder)
        holder.commit()
        for run in (command.upgrade, command.downgrade, command.stamp):
            with only_run(holder, 0), pytest.raises(CommandError) as refusal:
                run(config_for(migrated_engine), "base")
            message = str(refusal.value)
            assert message.startswith(f"Another run has not ended within 0 ms: pid {pid} (")
            assert "Nothing was changed." in message
            assert f"SELECT pg_terminate_backend({pid});" in message
    assert revision_of(migrated_engine) == HEAD


@pytest.mark.usefixtures("_no_patience")
def test_commands_that_change_nothing_do_not_wait(
    migrated_engine: Engine, config_for: ConfigFor
) -> None:
    config = config_for(migrated_engine)
    with migrated_engine.connect() as holder, only_run(holder, 0):
        command.current(config)
        command.history(config, indicate_current=True)


@pytest.mark.usefixtures("_no_patience")
def test_runs_in_another_schema_do_not_wait(
    empty_engine: Engine, config_for: ConfigFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_engine.connect() as holder:
        holder.exec_driver_sql("CREATE SCHEMA other")
        holder.commit()
        monkeypatch.setenv("DATABASE_SCHEMA", "other")
        with only_run(holder, 0):
            command.upgrade(config_for(empty_engine), "head")
    assert ask(empty_engine, "SELECT to_regclass('other.users')") == "other.users"


def test_lock_outlives_a_revision_that_uses_autocommit_block(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    note_locks = f"op.execute({f'INSERT INTO locks {HELD}'!r})"
    revisions.add_sql("CREATE TABLE locks (held int)")
    revisions.add(
        "with op.get_context().autocommit_block():",
        "    op.execute('CREATE INDEX CONCURRENTLY i ON locks (held)')",
        f"    {note_locks}",
    )
    revisions.add(note_locks)
    command.upgrade(config_for(migrated_engine), "head")
    assert ask(migrated_engine, "SELECT array_agg(held) FROM locks") == "[1, 1]"
    assert ask(migrated_engine, HELD) == "0"


def test_lock_is_released_after_a_failure(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("SELECT 1/0")
    with migrated_engine.connect() as connection:
        config = config_for(migrated_engine)
        config.attributes["connection"] = connection
        with pytest.raises(CommandError, match="division by zero"):
            command.upgrade(config, "head")
        assert ask(migrated_engine, HELD) == "0"


@pytest.fixture
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_WAIT_TIMEOUT", "0")
