"""Connecting for a command: the schema in use, the server's version, clear errors (R17, R23)."""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, pool, text

from .errors import is_lost, one_line
from .given import first_given
from .pooler import require_session
from .quoting import quote_identifier
from .settings import autocommit, change_settings, driver_of
from .url import DatabaseUrl
from .version import MINIMUM_VERSION

# What the URL does not say itself; in seconds. A server whose machine or network is gone while a
# long statement runs is noticed after a minute, not after hours.
_CONNECT_ARGUMENTS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "fallback_application_name": f"alembic on {platform.node()}"[:63],
    # A database in another encoding, or in none, is written to and read all the same.
    "client_encoding": "utf8",
}

_SEARCH_PATH = text("SELECT current_setting('search_path')")
_USE_SCHEMA = text("SELECT set_config('search_path', quote_ident(:schema), false)")
_ASK_SERVER = """\
SELECT split_part(current_setting('server_version'), ' ', 1),
       current_setting('server_version_num')::int, current_database(), current_schema()"""


def schema_name(x_arguments: dict[str, str]) -> str:
    """Return the schema to work in: ``-x schema=…``, ``DATABASE_SCHEMA``, else ``public`` (R23).

    Raises:
        CommandError: the first of them that is set is empty.
    """
    given = first_given(x_arguments, "schema", "DATABASE_SCHEMA")
    return given[1] if given else "public"


@contextmanager
def connect(database: DatabaseUrl, schema: str) -> Iterator[Connection]:
    """Yield a connection to ``database`` whose search_path is ``schema`` alone.

    Raises:
        CommandError: the server cannot be reached or refuses the login; one message, without
            the password.
    """
    engine = make_engine(database.url)

    def use_no_transactions(dbapi_connection: Any, _record: object) -> None:
        # What SQLAlchemy asks at first is answered by a pooler in statement mode, too.
        dbapi_connection.autocommit = True

    event.listen(engine, "connect", use_no_transactions, insert=True)
    try:
        connection = engine.connect()
    except exc.DBAPIError as error:
        reason = _without_password(one_line(error), database)
        raise CommandError(
            f"Cannot connect to the database given by {database.source}: {reason}\n"
            "Nothing was changed. Check the URL and that the server runs, then try again."
        ) from None
    event.remove(engine, "connect", use_no_transactions)
    with connection:
        pooled = require_session(connection)
        before = connection.execute(_SEARCH_PATH).scalar_one()
        connection.execute(_USE_SCHEMA, {"schema": schema})
        connection.rollback()
        driver_of(connection).autocommit = False
        try:
            yield connection
        finally:
            if pooled and not is_lost(connection):
                connection.rollback()
                with autocommit(connection):
                    change_settings(connection, {"search_path": before}, local=False)


def make_engine(url: URL) -> Engine:
    """Return an engine for a command on the database of ``url``."""
    return create_engine(
        url,
        poolclass=pool.NullPool,
        # Nothing here needs it, and finding out about it takes a transaction.
        use_native_hstore=False,
        connect_args={n: v for n, v in _CONNECT_ARGUMENTS.items() if n not in url.query},
    )


def require_usable(connection: Connection, schema: str | None) -> str:
    """Return in words which server ``connection`` talks to; refuse one that cannot serve.

    ``schema`` is the schema that must exist; None for a connection that the caller set up.

    Raises:
        CommandError: the server is older than PostgreSQL 16, the schema does not exist or may not
            be used, or the caller's connection is in autocommit or goes through a pooler that
            keeps no session for it.
    """
    if schema is None:
        _require_transactions(connection)
    host = _host(connection)
    in_transaction = connection.in_transaction()
    version, number, database, found = connection.exec_driver_sql(_ASK_SERVER).one()
    if not in_transaction:
        connection.rollback()
    if number < MINIMUM_VERSION * 10_000:
        raise CommandError(
            f"PostgreSQL {version} at {host} is too old: the schema needs {MINIMUM_VERSION} "
            "or later.\nNothing was changed. Upgrade the server, or point DATABASE_URL at another."
        )
    if schema is not None and found is None:
        name = quote_identifier(schema)
        raise CommandError(
            f"The schema {schema!r} does not exist in database {database!r}, or this role may not "
            f"use it.\nNothing was changed. Create it: CREATE SCHEMA {name}; "
            f"or grant it: GRANT USAGE, CREATE ON SCHEMA {name} TO <role>;"
        )
    return f"PostgreSQL {version} at {host}, database {database}"


def _host(connection: Connection) -> str:
    """Return the host in words; the one that answered, if the URL leaves that open."""
    url = connection.engine.url
    named = url.host or url.query.get("host")
    if isinstance(named, str):
        return named
    # asyncpg does not tell.
    info: Any = getattr(connection.connection.driver_connection, "info", None)
    if info is not None and info.host and not info.host.startswith("/"):
        return f"{info.host}:{info.port}"
    return ", ".join(named or ()) or "the local socket"


def _require_transactions(connection: Connection) -> None:
    if driver_of(connection).autocommit:
        raise CommandError(
            "The connection that was handed over is in autocommit.\n"
            "Nothing was changed. Hand over one that begins transactions, from an engine without "
            'isolation_level="AUTOCOMMIT".'
        )
    # A transaction has a session of its own in any case.
    if not connection.in_transaction():
        with autocommit(connection):
            require_session(connection)


def _without_password(message: str, database: DatabaseUrl) -> str:
    password = database.url.password
    return message.replace(password, "***") if password else message
