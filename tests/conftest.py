"""Fixtures: real databases, each made by ``alembic upgrade head``."""

import os
from collections.abc import Callable, Iterator

import pytest
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine

from tests.support.databases import Databases, make_config
from tests.support.server import SERVERS, TestServer, find_server
from tests.support.time_limit import TimeLimit

SERVER = pytest.StashKey[TestServer]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server",
        choices=SERVERS,
        help="the only server to use: that of TEST_DATABASE_URL, or a new one"
        " (default: the first of them that there is)",
    )
    parser.addoption(
        "--postgres-version",
        type=int,
        choices=(16, 18),
        default=16,
        help="major version of the server that the tests start themselves (default: 16)",
    )


def pytest_configure(config: pytest.Config) -> None:
    # The tests choose their databases; what the shell points at is never touched.
    for name in ("DATABASE_URL", "DATABASE_SCHEMA"):
        os.environ.pop(name, None)
    # Hundreds of processes start from the checkout: they are to compile it once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    config.stash[SERVER] = server = find_server(config)
    config.pluginmanager.register(TimeLimit(server.url))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Start no workers for tests that are named one by one: they would take longer to start.

    Else one more than cores: each waits for PostgreSQL a good part of the time.
    """
    if config.args and all("::" in argument for argument in config.args):
        return 0
    return (os.cpu_count() or 1) + 1


def pytest_report_header(config: pytest.Config) -> str:
    return f"server: {config.stash[SERVER]}"


@pytest.fixture(scope="session")
def server_url(pytestconfig: pytest.Config) -> URL:
    return pytestconfig.stash[SERVER].url


@pytest.fixture(scope="session")
def databases(server_url: URL) -> Iterator[Databases]:
    databases = Databases(server_url)
    yield databases
    databases.dispose()


@pytest.fixture(scope="session")
def template(databases: Databases) -> Iterator[str]:
    """The name of the database at head that the others are cloned from."""
    with databases.migrated() as name:
        yield name


@pytest.fixture(scope="session")
def shared_engine(databases: Databases, template: str) -> Iterator[Engine]:
    """A database at head that every test leaves as it found it."""
    with databases.create(template) as engine:
        yield engine


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    """A connection to the shared database, in a transaction that is rolled back."""
    with shared_engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def migrated_engine(databases: Databases, template: str) -> Iterator[Engine]:
    """A database at head of the test's own."""
    with databases.create(template) as engine:
        yield engine


@pytest.fixture
def empty_engine(databases: Databases) -> Iterator[Engine]:
    """An empty database of the test's own."""
    with databases.create() as engine:
        yield engine


@pytest.fixture(scope="session", name="make_config")
def _make_config() -> Callable[[Engine | URL | str], Config]:
    return make_config
