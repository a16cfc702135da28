"""A connection that the caller hands over in ``config.attributes['connection']``."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool

from app.runner.lock import only_run
from tests.runner.checkout import INDEX
from tests.runner.database import ask, holding, revision_of, with_driver
from tests.runner.revisions import Revisions
from tests.support.commands import copy_checkout, run_python, url_of
from tests.support.databases import make_config
from tests.support.revisions import HEAD

SETTINGS = """\
SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings
WHERE name IN ('lock_timeout', 'statement_timeout', 'client_connection_check_interval',
               'application_name')"""


def config_with(connection: Connection) -> Config:
    config = make_config(connection.engine)
    config.attributes["connection"] = connection
    return config


def test_transaction_of_the_caller_decides_what_stays(empty_engine: Engine) -> None:
    with empty_engine.connect() as connection:
        with connection.begin() as transaction:
            command.upgrade(config_with(connection), "head")
            assert connection.exec_driver_sql("SELECT to_regclass('users')").scalar() == "users"
            transaction.rollback()
        assert ask(empty_engine, "SELECT to_regclass('users')") is None
        with connection.begin():
            command.upgrade(config_with(connection), "head")
            command.downgrade(config_with(connection), "base")
            command.upgrade(config_with(connection), "head")
    assert revision_of(empty_engine) == HEAD


def test_others_wait_until_the_callers_transaction_ends(empty_engine: Engine) -> None:
    with empty_engine.connect() as connection, empty_engine.connect() as other:
        with connection.begin():
            command.upgrade(config_with(connection), "head")
            with pytest.raises(CommandError, match="Another run"), only_run(other, 0):
                pass
        with only_run(other, 0):
            pass


def test_connection_outside_a_transaction_commits_each_revision(empty_engine: Engine) -> None:
    with empty_engine.connect() as connection:
        command.upgrade(config_with(connection), "head")
        assert not connection.in_transaction()
    assert revision_of(empty_engine) == HEAD


def test_engine_is_taken_as_well(empty_engine: Engine) -> None:
    config = make_config(empty_engine)
    config.attributes["connection"] = empty_engine
    command.upgrade(config, "head")
    assert revision_of(empty_engine) == HEAD


@pytest.mark.parametrize("in_transaction", [True, False])
def test_settings_of_the_callers_session_come_back(
    empty_engine: Engine, in_transaction: bool
) -> None:
    with empty_engine.connect() as connection:
        connection.exec_driver_sql("SET lock_timeout = 77")
        before = connection.exec_driver_sql(SETTINGS).scalar_one()
        if not in_transaction:
            connection.commit()
        command.upgrade(config_with(connection), "head")
        assert connection.exec_driver_sql(SETTINGS).scalar_one() == before


def test_failure_in_the_callers_transaction_is_not_tried_again(
    migrated_engine: Engine, revisions: Revisions, config_for: Callable[[Engine], Config]
) -> None:
    revisions.add_sql("LOCK TABLE users")
    with (
        holding(migrated_engine, "LOCK TABLE users"),
        migrated_engine.connect() as connection,
        connection.begin(),
    ):
        config = config_for(migrated_engine)
        config.attributes["connection"] = connection
        with pytest.raises(CommandError, match="Nothing is committed: roll back your transaction"):
            command.upgrade(config, "head")
        connection.rollback()


def test_revision_that_needs_no_transaction_is_refused_in_the_callers(
    migrated_engine: Engine, revisions: Revisions, config_for: Callable[[Engine], Config]
) -> None:
    revisions.add(INDEX)
    with migrated_engine.connect() as connection, connection.begin():
        config = config_for(migrated_engine)
        config.attributes["connection"] = connection
        with pytest.raises(CommandError, match="works outside any transaction") as told:
            command.upgrade(config, "head")
        assert "give a connection without a transaction" in str(told.value)


def test_pool_of_one_connection_is_not_asked_for_a_second_one(
    migrated_engine: Engine, revisions: Revisions, config_for: Callable[[Engine], Config]
) -> None:
    revisions.add_sql("CREATE TABLE extra ()", "SELECT pg_sleep(0.3)")
    engine = create_engine(migrated_engine.url, poolclass=StaticPool)
    config = config_for(engine)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    assert revision_of(migrated_engine) == revisions.head


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("name", ["upgrade", "check"])
def test_engine_in_autocommit_is_refused_before_anything_happens(
    driver: str,
    begun: bool,
    name: str,
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: Callable[[Engine], Config],
) -> None:
    revisions.add_sql("CREATE TABLE extra ()", "SELECT 1/0")
    engine = with_driver(migrated_engine, driver).execution_options(isolation_level="AUTOCOMMIT")
    config = config_for(engine)
    with engine.connect() as connection:
        config.attributes["connection"] = connection if begun else engine
        if begun:
            connection.exec_driver_sql("SELECT 1")
        with pytest.raises(CommandError) as refused:
            command.upgrade(config, "head") if name == "upgrade" else command.check(config)
    first, second = str(refused.value).splitlines()
    assert first == "The connection that was handed over is in autocommit."
    assert second.startswith("Nothing was changed. ")
    assert ask(migrated_engine, "SELECT to_regclass('extra')") is None


def test_revision_that_needs_no_transaction_is_refused_where_assertions_are_off(
    migrated_engine: Engine, tmp_path: Path
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    Revisions(checkout / "versions").add(INDEX)
    program = f"""\
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine

engine = create_engine({url_of(migrated_engine)!r})
with engine.connect() as connection, connection.begin():
    config = Config("alembic.ini")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as refused:
        print(refused)
"""
    run = run_python("-O", "-c", program, cwd=checkout)
    assert "works outside any transaction" in run.stdout, run.stderr
    assert "Traceback" not in run.stderr
    assert revision_of(migrated_engine) == HEAD
