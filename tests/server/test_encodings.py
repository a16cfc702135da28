"""A database in another encoding than UTF-8, or in none, serves like any other."""

import pytest
from alembic import command

from tests.runner.database import revision_of, with_driver
from tests.support.databases import Databases, make_config
from tests.support.revisions import HEAD


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_database_in_another_encoding_is_migrated_and_compared(
    encoding: str, driver: str, databases: Databases
) -> None:
    with databases.create(encoding=encoding) as engine:
        config = make_config(with_driver(engine, driver))
        command.upgrade(config, "head")
        command.current(config)
        command.check(config)
        assert revision_of(engine) == HEAD
