"""Transactions and settings of a session: left, given for a while, and put back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from .errors import IN_FAILED_TRANSACTION, is_lost, sqlstate

_SET = text("""
WITH wanted AS MATERIALIZED (
    SELECT name, value, current_setting(name) AS before
    FROM unnest(CAST(:names AS text[]), CAST(:values AS text[])) AS given (name, value))
SELECT name, before, set_config(name, value, :local)
FROM wanted
WHERE value IS DISTINCT FROM before
""")


@contextmanager
def autocommit(connection: Connection) -> Iterator[None]:
    """Run statements outside any transaction; in the caller's transaction where there is one."""
    if connection.in_transaction():
        yield
        return
    driver = driver_of(connection)
    before = driver.autocommit
    driver.autocommit = True
    try:
        yield
    finally:
        if not is_lost(connection):
            connection.rollback()
            driver.autocommit = before


@contextmanager
def settings(connection: Connection, wanted: Mapping[str, str]) -> Iterator[None]:
    """Give the session the settings ``wanted``, and those it had back in the end."""
    local = in_transaction(connection)
    before = change_settings(connection, wanted, local=local)
    try:
        yield
    finally:
        if not is_lost(connection):
            with unless_failed():
                change_settings(connection, before, local=local)


def change_settings(
    connection: Connection, wanted: Mapping[str, str], *, local: bool
) -> dict[str, str]:
    """Set what differs from ``wanted``, and return what it was.

    ``local``: for the rest of the transaction; what the session has otherwise is back after it.
    """
    parameters = {"names": list(wanted), "values": list(wanted.values()), "local": local}
    return {name: before for name, before, _ in connection.execute(_SET, parameters)}


@contextmanager
def unless_failed() -> Iterator[None]:
    """Pass over a transaction that failed: it takes what was set in it with it."""
    try:
        yield
    except DBAPIError as error:
        if sqlstate(error) != IN_FAILED_TRANSACTION:
            raise


def in_transaction(connection: Connection) -> bool:
    """Tell whether a statement now runs in a transaction that an earlier one has begun.

    In autocommit SQLAlchemy speaks of transactions that PostgreSQL knows nothing of.
    """
    return connection.in_transaction() and not driver_of(connection).autocommit


def driver_of(connection: Connection) -> Any:
    """Return the driver's connection, the same for all drivers, asynchronous ones too."""
    return connection.connection.dbapi_connection
