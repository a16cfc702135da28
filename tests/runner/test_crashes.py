"""Killed at any moment: the server notices, and the next run brings the database to head."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from app.catalog.snapshot import Snapshot
from app.runner.lock import only_run
from app.server.embedded import server as embedded_server
from tests.runner.checkout import (
    config_of,
    kill_at_random_moments,
    make_checkout,
)
from tests.runner.database import ask, catalog_of, holding, revision_of, wait_until, with_driver
from tests.runner.processes import finish, start_alembic, wait_for
from tests.runner.revisions import Revisions
from tests.support.revisions import HEAD
from tests.support.server import FAST, psycopg2_url

ConfigFor = Callable[[Engine], Config]

INVALID = "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_extra')"
WAITS_FOR_SNAPSHOTS = """\
SELECT phase LIKE 'waiting for %%' FROM pg_stat_progress_create_index
WHERE datname = current_database()"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return make_checkout(tmp_path / "checkout")


@pytest.fixture
def head(checkout: Path, migrated_engine: Engine) -> Snapshot:
    """The catalog at the newest revision of ``checkout``."""
    command.upgrade(config_of(checkout, migrated_engine), "head")
    return catalog_of(migrated_engine)


@pytest.mark.parametrize("name", ["upgrade", "downgrade"])
def test_killed_run_is_completed_by_the_next_one(
    empty_engine: Engine, head: Snapshot, checkout: Path, name: str
) -> None:
    kill_at_random_moments(empty_engine, head, checkout, name, times=1)


@pytest.mark.fault
@pytest.mark.parametrize("name", ["upgrade", "downgrade"])
def test_run_killed_at_100_moments_is_completed_by_the_next_one(
    empty_engine: Engine, head: Snapshot, checkout: Path, name: str
) -> None:
    found = kill_at_random_moments(empty_engine, head, checkout, name, times=100)
    revisions = {killed.revision for killed in found}
    print(f"{len(found)} kills of {name}, found at {len(revisions)} revisions")
    assert len(revisions) >= 3, "the kills came too early or too late to tell anything"
    if name == "downgrade":
        newest = [
            killed.noted for killed in found if killed.revision == max(filter(None, revisions))
        ]
        assert {True, False} <= set(newest), "no kill came before a block, or none came later"


def test_lock_of_a_killed_run_is_free_within_two_seconds(
    migrated_engine: Engine, checkout: Path
) -> None:
    sleeping = Revisions(checkout / "versions").add_sql("SELECT pg_sleep(60)")
    run = start_alembic(migrated_engine, "upgrade", "head", cwd=checkout)
    wait_for(run, f"-> {sleeping}, ")
    wait_until(migrated_engine, "SELECT query ~ 'sleep.60' FROM pg_stat_activity")
    run.kill()
    run.communicate()
    killed = time.monotonic()
    with migrated_engine.connect() as connection, only_run(connection, 10_000):
        assert time.monotonic() - killed < 2


def test_index_left_invalid_by_a_killed_run_is_built_anew(
    migrated_engine: Engine, head: Snapshot, checkout: Path
) -> None:
    config = config_of(checkout, migrated_engine)
    command.downgrade(config, "head-4")
    with holding(migrated_engine, "SELECT FROM users") as reader:
        reader.exec_driver_sql("LOCK TABLE users IN ROW EXCLUSIVE MODE")
        run = start_alembic(migrated_engine, "upgrade", "head", cwd=checkout)
        wait_until(migrated_engine, WAITS_FOR_SNAPSHOTS)
        run.kill()
        run.communicate()
        wait_until(migrated_engine, f"SELECT NOT EXISTS ({WAITS_FOR_SNAPSHOTS})")
    assert ask(migrated_engine, INVALID) == "True"
    command.upgrade(config, "head")
    assert ask(migrated_engine, INVALID) == "False"
    assert catalog_of(migrated_engine) == head


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_lost_connection_is_one_message_and_the_next_run_goes_on(
    driver: str, migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    lost = revisions.add_sql(
        "CREATE TABLE extra ()", "SELECT pg_terminate_backend(pg_backend_pid())"
    )
    with pytest.raises(CommandError) as failure:
        command.upgrade(config_for(with_driver(migrated_engine, driver)), "head")
    message = str(failure.value)
    assert message.startswith(f"Upgrade {HEAD} -> {lost}, Revision {lost} of a test failed: ")
    assert "rolls back what was not committed. Run the command again when the server" in message
    assert revision_of(migrated_engine) == HEAD
    assert ask(migrated_engine, "SELECT to_regclass('extra')") is None


@pytest.fixture
def own_server(server_place: Path) -> Iterator[Path]:
    directory = server_place / "killed"
    embedded_server.start(directory, settings=FAST)
    yield directory
    embedded_server.release(directory)


@pytest.mark.fault
@pytest.mark.skipif(not embedded_server.is_installed(), reason="needs a server of its own")
def test_server_killed_20_times_comes_back_to_head(
    own_server: Path, head: Snapshot, checkout: Path
) -> None:
    for moment in range(20):
        engine = create_engine(
            psycopg2_url(embedded_server.start(own_server, settings=FAST)), poolclass=NullPool
        )
        command.downgrade(config_of(checkout, engine), "base")
        run = start_alembic(engine, "upgrade", "head", cwd=checkout)
        wait_for(run, "PostgreSQL")
        time.sleep(moment * 0.012)
        postmaster = int((own_server / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        said, _ = run.communicate(timeout=60)
        assert "Traceback" not in said
        embedded_server.start(own_server, settings=FAST)
        finish(start_alembic(engine, "upgrade", "head", cwd=checkout), expect=0)
        assert catalog_of(engine) == head, f"after {moment} kills"
