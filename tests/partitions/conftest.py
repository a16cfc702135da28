"""Fixtures: connections in autocommit, as psql and pg_cron have them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from tests.support.databases import Databases

DROP_PARTITIONS = """\
DO $$ DECLARE partition regclass; BEGIN
    FOR partition IN SELECT p.partition FROM time_partitions() AS p LOOP
        EXECUTE 'DROP TABLE ' || partition;
    END LOOP;
END $$"""


@pytest.fixture(scope="package")
def bare_template(databases: Databases, template: str) -> Iterator[str]:
    """The name of a database at head without the partitions that ``upgrade`` has made."""
    with databases.create(template) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql(DROP_PARTITIONS)
        engine.dispose()
        yield str(engine.url.database)


@pytest.fixture(scope="package")
def many_months(databases: Databases, template: str) -> Iterator[Engine]:
    """A database for tests that each use months of their own."""
    with databases.create(template) as engine:
        yield engine


@pytest.fixture
def shared(many_months: Engine) -> Iterator[Connection]:
    """A connection to that database."""
    with many_months.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("DISCARD ALL")


@pytest.fixture
def bare_engine(databases: Databases, bare_template: str) -> Iterator[Engine]:
    """A database of the test's own, without partitions."""
    with databases.create(bare_template) as engine:
        yield engine


@pytest.fixture
def own(bare_engine: Engine) -> Iterator[Connection]:
    """A connection to that database, where locks are waited for 0.04 seconds."""
    with bare_engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("SET deadlock_timeout TO '50ms'")
        yield connection
