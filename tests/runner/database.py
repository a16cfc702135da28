"""What tests ask of a database that a run has been at."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from app.catalog.snapshot import Snapshot, snapshot


def revision_of(engine: Engine) -> str | None:
    """Return the revision that the database is at."""
    return ask(engine, "SELECT max(version_num) FROM alembic_version")


def ask(engine: Engine, query: str) -> str | None:
    """Return the only value of ``query`` as text."""
    with engine.connect() as connection:
        value = connection.exec_driver_sql(query).scalar()
    return None if value is None else str(value)


def execute(engine: Engine, *statements: str) -> None:
    """Execute ``statements`` in one transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def catalog_of(engine: Engine) -> Snapshot:
    """Return the objects of the schema ``public``."""
    with engine.connect() as connection:
        return snapshot(connection, "public")


@contextmanager
def holding(engine: Engine, statement: str) -> Iterator[Connection]:
    """Keep a transaction open in which ``statement`` was executed."""
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
        yield connection
        connection.rollback()


def pid_of(connection: Connection) -> int:
    """Return the process id of the connection's session."""
    pid: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    return pid


def with_driver(engine: Engine, driver: str) -> Engine:
    """Return an engine on the same database that uses ``driver``."""
    return create_engine(engine.url.set(drivername=f"postgresql+{driver}"), poolclass=NullPool)


def wait_until(engine: Engine, condition: str, seconds: float = 10) -> None:
    """Wait until a row of the query ``condition`` is true, ``seconds`` at most."""
    deadline = time.monotonic() + seconds
    while not ask(engine, f"SELECT 1 WHERE true IN ({condition})"):
        assert time.monotonic() < deadline, f"never true: {condition}"
        time.sleep(0.01)
