"""What a run says: each revision and how long it took, one line when there is nothing to do."""

import re
import time
from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from tests.runner.checkout import config_of, make_checkout
from tests.runner.database import revision_of, with_driver
from tests.runner.revisions import Revisions
from tests.support.commands import run_alembic, run_python, url_of
from tests.support.revisions import HEAD

ConfigFor = Callable[[Engine], Config]


def test_each_revision_is_reported_with_its_time(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "app.runner")
    first = revisions.add_sql("SELECT 1")
    second = revisions.add_sql("SELECT pg_sleep(0.1)")
    started = time.monotonic()
    command.upgrade(config_for(migrated_engine), "head")
    took = time.monotonic() - started
    said = [re.sub(r"\d+ ms|\d\.\d s", "TIME", message) for message in caplog.messages[1:]]
    assert said == [
        f"Upgrade {HEAD} -> {first}, Revision {first} of a test ...",
        f"{HEAD} -> {first}: done in TIME",
        f"Upgrade {first} -> {second}, Revision {second} of a test ...",
        f"{first} -> {second}: done in TIME",
        f"Now at {second} (head): 2 revisions in TIME",
    ]
    (_, none), (_, slept), (_, both) = durations(caplog.text)
    assert 0 <= none <= both
    assert 0.1 <= slept <= both + 0.1 <= took + 0.2


def durations(text: str) -> list[tuple[str, float]]:
    """Return what is said to have taken how many seconds."""
    found = re.findall(r"(done|revisions) in (?:(\d+) ms|(\d\.\d) s)", text)
    return [(what, float(ms) / 1_000 if ms else float(s)) for what, ms, s in found]


def test_stamp_and_downgrade_are_reported_as_such(
    migrated_engine: Engine, config_for: ConfigFor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "app.runner")
    command.stamp(config_for(migrated_engine), "base")
    assert f"Stamp {HEAD} -> base ..." in caplog.messages
    command.stamp(config_for(migrated_engine), "head")
    command.downgrade(config_for(migrated_engine), "base")
    assert "Downgrade 0001 -> base, Create the 22 initial tables ..." in caplog.messages


def test_command_line_says_in_one_line_that_there_is_nothing_to_do(
    migrated_engine: Engine,
) -> None:
    run = run_alembic("upgrade", "head", DATABASE_URL=url_of(migrated_engine))
    assert run.returncode == 0
    assert run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert line.startswith("INFO  [alembic.env] PostgreSQL ")
    assert line.endswith(f": at {HEAD} (head), nothing to do")
    assert f"database {migrated_engine.url.database}:" in line


@pytest.mark.parametrize("package", ["app", "creativeflow_schema"])
def test_lines_look_the_same_whatever_the_package_is_called(package: str) -> None:
    program = f"""\
import logging.config
logging.config.fileConfig("alembic.ini")
logging.getLogger("{package}.runner.migrate").info("a line")
logging.getLogger("{package}.runner.migrate").debug("another")
"""
    assert run_python("-c", program).stderr == "INFO  [alembic.env] a line\n"


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_failed_statement_is_reported_in_postgresqls_words(
    driver: str, migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    first = revisions.add_sql("CREATE TABLE kept ()")
    second = revisions.add_sql(
        "CREATE TABLE made_before ()", "ALTER TABLE users ADD PRIMARY KEY (id)"
    )
    with pytest.raises(CommandError) as failure:
        command.upgrade(config_for(with_driver(migrated_engine, driver)), "head")
    assert str(failure.value).splitlines() == [
        f"Upgrade {first} -> {second}, Revision {second} of a test failed: "
        'multiple primary keys for table "users" are not allowed [42P16]',
        "The statement was: ALTER TABLE users ADD PRIMARY KEY (id)",
        f"Its transaction was rolled back: the database is at {first}. "
        "For the traceback: alembic --raiseerr ...",
    ]
    assert failure.value.__cause__ is not None
    assert revision_of(migrated_engine) == first


def test_failure_after_an_autocommit_block_says_what_stays(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add(
        "with op.get_context().autocommit_block():",
        "    op.execute('CREATE INDEX CONCURRENTLY ix_extra ON users (full_name)')",
        "op.execute('SELECT 1/0')",
    )
    with pytest.raises(CommandError, match="What the revision did outside a transaction stays"):
        command.upgrade(config_for(migrated_engine), "head")


def test_mistake_in_a_revision_keeps_its_traceback_and_names_the_revision(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add("op.create_tabel('users')")
    with pytest.raises(AttributeError) as failure:
        command.upgrade(config_for(migrated_engine), "head")
    assert failure.value.__notes__ == [
        f"Upgrade {HEAD} -> {revisions.head}, Revision {revisions.head} of a test failed. "
        f"Its transaction was rolled back: the database is at {HEAD}."
    ]


def test_command_line_shows_a_failure_without_traceback(
    migrated_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    checkout = make_checkout(tmp_path_factory.mktemp("failing") / "checkout")
    Revisions(checkout / "versions").add_sql("SELECT 1/0")
    command.upgrade(config_of(checkout, migrated_engine), "head-1")
    for flag, traceback in ((), False), (("--raiseerr",), True):
        run = run_alembic(
            *flag, "upgrade", "head", cwd=checkout, DATABASE_URL=url_of(migrated_engine)
        )
        assert run.returncode != 0
        assert "division by zero [22012]" in run.stderr
        assert ("Traceback" in run.stderr) is traceback
