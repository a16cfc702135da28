"""Two databases of one server, the second a logical subscriber of the first."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine

from tests.partitions.database import rows_of
from tests.runner.database import ask, wait_until

SYNCHRONIZED = """\
SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel
WHERE srsubid IN (
    SELECT pg_subscription.oid FROM pg_subscription JOIN pg_database ON pg_database.oid = subdbid
    WHERE datname = current_database())"""
ERRORS = """\
SELECT sum(apply_error_count + sync_error_count) FROM pg_stat_subscription_stats
WHERE subname = '{name}'"""


class Subscriber:
    """A subscription, by name, and the database that holds it."""

    def __init__(self, publisher: Engine, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self._publisher = publisher

    def refresh(self, *, copy_data: bool = True) -> None:
        """Let it see what the publication has now, and wait until it has all of that."""
        with autocommit(self.engine) as connection:
            connection.exec_driver_sql(
                f"ALTER SUBSCRIPTION {self.name} REFRESH PUBLICATION WITH (copy_data = {copy_data})"
            )
        wait_until(self.engine, SYNCHRONIZED)

    def catch_up(self, seconds: float = 20) -> None:
        """Wait until it has what has been committed."""
        position = ask(self._publisher, "SELECT pg_current_wal_insert_lsn()")
        wait_until(
            self._publisher,
            f"SELECT confirmed_flush_lsn >= '{position}' FROM pg_replication_slots"
            f" WHERE slot_name = '{self.name}'",
            seconds,
        )

    def rows_of(self, table: str) -> set[str]:
        """Return the rows that it has of ``table``."""
        with self.engine.connect() as connection:
            return rows_of(connection, table)

    def errors(self) -> int:
        """Return how often it failed to apply or to copy what it got."""
        return int(ask(self.engine, ERRORS.format(name=self.name)) or 0)


@contextmanager
def subscribed(publisher: Engine, engine: Engine, publication: str) -> Iterator[Subscriber]:
    """Publish with CREATE PUBLICATION … ``publication``, and subscribe with ``engine``'s database.

    Skips the test where the server does not replicate logically.
    """
    if ask(publisher, "SHOW wal_level") != "logical":
        pytest.skip("the server's wal_level is not logical")
    name = f"from_{publisher.url.database}"
    url = publisher.url
    server = {
        "dbname": url.database,
        "host": url.host or url.query.get("host"),
        "port": url.port or url.query.get("port"),
        "user": url.username,
        "password": url.password,
    }
    conninfo = " ".join(f"{key}=''{value}''" for key, value in server.items() if value)
    with autocommit(publisher) as here, autocommit(engine) as there:
        here.exec_driver_sql(f"CREATE PUBLICATION published {publication}")
        # Within one server a subscription that made its own slot would wait for itself.
        here.exec_driver_sql(f"SELECT pg_create_logical_replication_slot('{name}', 'pgoutput')")
        there.exec_driver_sql(
            f"CREATE SUBSCRIPTION {name} CONNECTION '{conninfo}' PUBLICATION published"
            " WITH (create_slot = false)"
        )
        try:
            wait_until(engine, SYNCHRONIZED)
            yield Subscriber(publisher, engine, name)
        finally:
            there.exec_driver_sql(f"DROP SUBSCRIPTION {name}")


@contextmanager
def autocommit(engine: Engine) -> Iterator[Connection]:
    """Connect outside a transaction."""
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
