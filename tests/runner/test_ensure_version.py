"""``alembic ensure_version``: the version table is there afterwards."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from tests.runner.database import ask, execute
from tests.support.commands import run_alembic, url_of

ConfigFor = Callable[[Engine], Config]

TABLE = "SELECT to_regclass('alembic_version')"


@pytest.mark.parametrize("times", [1, 2])
def test_version_table_is_made(empty_engine: Engine, times: int) -> None:
    for _ in range(times):
        run = run_alembic("ensure_version", DATABASE_URL=url_of(empty_engine))
        assert run.returncode == 0, run.stderr
    assert ask(empty_engine, TABLE) == "alembic_version"


def test_other_objects_may_stay_where_the_table_was_made(
    empty_engine: Engine, config_for: ConfigFor
) -> None:
    execute(empty_engine, "CREATE TABLE other ()")
    command.ensure_version(config_for(empty_engine))
    command.upgrade(config_for(empty_engine), "head")
    assert ask(empty_engine, "SELECT to_regclass('users')") == "users"


def test_callers_transaction_decides_whether_the_table_stays(
    empty_engine: Engine, config_for: ConfigFor
) -> None:
    with empty_engine.connect() as connection, connection.begin() as transaction:
        config = config_for(empty_engine)
        config.attributes["connection"] = connection
        command.ensure_version(config)
        assert connection.exec_driver_sql(TABLE).scalar() == "alembic_version"
        transaction.rollback()
    assert ask(empty_engine, TABLE) is None


def test_missing_privilege_is_two_lines(guest_engine: Engine) -> None:
    run = run_alembic("ensure_version", DATABASE_URL=url_of(guest_engine))
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    assert "permission denied for schema public [42501]\n" in run.stderr
    assert "Nothing was changed." in run.stderr
