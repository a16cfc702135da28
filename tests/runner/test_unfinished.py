"""Downgrades that do not end: the next upgrade does again what they have undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from tests.runner.checkout import AROUND, DROP_INDEX, INDEX, NOTE, config_of, drop_around
from tests.runner.database import ask, catalog_of, execute, holding, revision_of, with_driver
from tests.runner.load import released_once_said
from tests.runner.processes import finish, start_alembic
from tests.runner.revisions import Revisions
from tests.support.commands import copy_checkout
from tests.support.revisions import HEAD

ConfigFor = Callable[[Engine], Config]

DIE = "os._exit(9)"
PLACES = {
    "before": {"before": DIE},
    # Alembic asks when it has committed, and before it does anything else.
    "at the commit": {"before": f"op.get_bind().get_isolation_level = lambda: {DIE}"},
    "inside": {"inside": DIE},
    "behind": {"behind": DIE},
    "after": {"after": DIE},
}

STOPPED = DROP_INDEX + '    op.execute("SELECT pg_sleep(60)")\n'
VERSIONS = "SELECT string_agg(version_num, ' ' ORDER BY version_num) FROM alembic_version"


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_upgrade_does_again_what_an_unfinished_downgrade_has_undone(
    driver: str,
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT", "500ms")
    new = revisions.add(INDEX, downgrade=STOPPED)
    config = config_for(with_driver(migrated_engine, driver))
    command.upgrade(config, "head")
    head = catalog_of(migrated_engine)
    with pytest.raises(CommandError, match="statement timeout"):
        command.downgrade(config, "-1")
    assert revision_of(migrated_engine) == new
    assert ask(migrated_engine, "SELECT to_regclass('ix_extra')") is None
    assert ask(migrated_engine, NOTE) == f"unfinished downgrade from {new} to {HEAD}"
    command.upgrade(config, "head")
    assert f"The downgrade {new} -> {HEAD} was not finished: {new} is applied again" in caplog.text
    assert catalog_of(migrated_engine) == head
    assert ask(migrated_engine, NOTE) is None


def test_finished_downgrade_leaves_no_note(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add(INDEX, downgrade=STOPPED.replace("60", "0"))
    command.upgrade(config_for(migrated_engine), "head")
    command.downgrade(config_for(migrated_engine), "-1")
    assert ask(migrated_engine, NOTE) is None
    assert revision_of(migrated_engine) == HEAD


@pytest.mark.parametrize("place", PLACES)
def test_downgrade_killed_at_any_place_around_a_block_is_done_again(
    migrated_engine: Engine, tmp_path: Path, place: str
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    revisions = Revisions(checkout / "versions")
    new = revisions.add(AROUND, downgrade=drop_around(**PLACES[place]))
    config = config_of(checkout, migrated_engine)
    command.upgrade(config, "head")
    head = catalog_of(migrated_engine)
    finish(start_alembic(migrated_engine, "downgrade", "-1", cwd=checkout), expect=9)
    assert revision_of(migrated_engine) == new
    assert (catalog_of(migrated_engine) == head) is (place == "before")
    command.upgrade(config, "head")
    assert catalog_of(migrated_engine) == head
    assert ask(migrated_engine, NOTE) is None


def test_note_that_a_lock_stands_in_the_way_of_is_written_in_a_later_attempt(
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    new = revisions.add(INDEX, downgrade=DROP_INDEX)
    command.upgrade(config_for(migrated_engine), "head")
    lock = "LOCK TABLE alembic_version IN SHARE UPDATE EXCLUSIVE MODE"
    with (
        holding(migrated_engine, lock) as holder,
        released_once_said(holder, caplog, "Attempt 2 of"),
    ):
        command.downgrade(config_for(migrated_engine), "-1")
    assert f"Downgrade {new} -> {HEAD}, Revision {new} of a test did not get a lock" in caplog.text
    assert revision_of(migrated_engine) == HEAD
    assert ask(migrated_engine, NOTE) is None


def heads_of(engine: Engine) -> list[str]:
    return (ask(engine, VERSIONS) or "").split()


def test_merge_is_undone_and_an_unfinished_one_done_again(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor, tmp_path: Path
) -> None:
    left = revisions.add("pass")
    right = revisions.add("pass", after=HEAD)
    stop = tmp_path / "stop"
    merge = revisions.add(
        INDEX,
        downgrade=f"{DROP_INDEX}    if Path({str(stop)!r}).exists():\n"
        "        op.execute('SELECT 1/0')",
        after=(left, right),
    )
    config = config_for(migrated_engine)
    command.upgrade(config, "head")
    head = catalog_of(migrated_engine)
    stop.touch()
    with pytest.raises(CommandError, match="division by zero"):
        command.downgrade(config, left)
    assert ask(migrated_engine, NOTE) == f"unfinished downgrade from {merge} to {left}, {right}"
    assert heads_of(migrated_engine) == [merge]
    command.upgrade(config, "head")
    assert catalog_of(migrated_engine) == head
    assert heads_of(migrated_engine) == [merge]
    stop.unlink()
    command.downgrade(config, left)
    assert heads_of(migrated_engine) == [left, right]
    assert ask(migrated_engine, NOTE) is None


def test_unfinished_downgrades_of_two_branches_are_both_done_again(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    fails = "    op.execute('SELECT 1/0')\n"
    left = revisions.add(INDEX, downgrade=DROP_INDEX + fails)
    right = revisions.add(
        INDEX.replace("ix_extra", "ix_right"),
        downgrade=DROP_INDEX.replace("ix_extra", "ix_right") + fails,
        after=HEAD,
    )
    config = config_for(migrated_engine)
    command.upgrade(config, "heads")
    heads = catalog_of(migrated_engine)
    for branch in (left, right):
        with pytest.raises(CommandError, match="division by zero"):
            command.downgrade(config, f"{branch}@{HEAD}")
    assert (ask(migrated_engine, NOTE) or "").splitlines() == [
        f"unfinished downgrade from {left} to {HEAD}",
        f"unfinished downgrade from {right} to {HEAD}",
    ]
    command.upgrade(config, "heads")
    assert catalog_of(migrated_engine) == heads
    assert heads_of(migrated_engine) == [left, right]
    assert ask(migrated_engine, NOTE) is None


@pytest.fixture
def half_undone(migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor) -> Config:
    """The configuration of a database whose newest revision is half undone."""
    revisions.add(
        "op.execute('CREATE TABLE early ()')",
        INDEX,
        downgrade=f"op.execute('DROP TABLE early')\n{DROP_INDEX}    op.execute('SELECT 1/0')",
    )
    config = config_for(migrated_engine)
    command.upgrade(config, "head")
    with pytest.raises(CommandError, match="division by zero"):
        command.downgrade(config, "-1")
    return config


def test_failure_of_a_second_downgrade_does_not_say_that_all_was_rolled_back(
    half_undone: Config, revisions: Revisions
) -> None:
    with pytest.raises(CommandError, match='table "early" does not exist') as failure:
        command.downgrade(half_undone, "-1")
    assert (
        f"What the revision did outside a transaction stays; the database counts as at "
        f"{revisions.head}, and an upgrade applies it again."
    ) in str(failure.value)


def test_transaction_of_the_caller_does_again_what_is_half_undone(
    half_undone: Config, migrated_engine: Engine, revisions: Revisions
) -> None:
    with migrated_engine.connect() as connection, connection.begin():
        half_undone.attributes["connection"] = connection
        with pytest.raises(CommandError, match="works outside any transaction"):
            command.upgrade(half_undone, "head")
        connection.rollback()
    assert revision_of(migrated_engine) == revisions.head
    assert (ask(migrated_engine, NOTE) or "").startswith("unfinished")


def test_stamp_says_what_is_there_whatever_a_note_says(
    half_undone: Config, migrated_engine: Engine, revisions: Revisions
) -> None:
    command.stamp(half_undone, "head")
    assert ask(migrated_engine, NOTE) is None
    command.upgrade(half_undone, "head")
    assert ask(migrated_engine, "SELECT to_regclass('early')") is None


def test_note_of_a_downgrade_that_another_tool_finished_is_taken_away(
    half_undone: Config, migrated_engine: Engine, revisions: Revisions
) -> None:
    execute(migrated_engine, f"UPDATE alembic_version SET version_num = '{HEAD}'")
    command.upgrade(half_undone, "head")
    assert revision_of(migrated_engine) == revisions.head
    assert ask(migrated_engine, NOTE) is None
