"""Connecting for a command: the schema in use, the server's version, clear errors (R17, R23)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, event, exc, pool

from .errors import one_line
from .quoting import quote_identifier
from .settings import driver_of
from .url import DatabaseUrl
from .version import MINIMUM_VERSION

# What the URL does not say itself; in seconds. A server whose machine or network is gone while a
# long statement runs is noticed after a minute, not after hours.
_CONNECT_ARGUMENTS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "fallback_application_name": "alembic",
}

_ASK_SERVER = """\
SELECT split_part(current_setting('server_version'), ' ', 1),
       current_setting('server_version_num')::int, current_database(), current_schema()"""


def schema_name(x_arguments: dict[str, str]) -> str:
    """Return the schema to work in: ``-x schema=…``, ``DATABASE_SCHEMA``, else ``public`` (R23)."""
    return x_arguments.get("schema") or os.environ.get("DATABASE_SCHEMA") or "public"


@contextmanager
def connect(database: DatabaseUrl, schema: str) -> Iterator[Connection]:
    """Yield a connection to ``database`` whose search_path is ``schema`` alone.

    Raises:
        CommandError: the server cannot be reached or refuses the login; one message, without
            the password.
    """
    engine = create_engine(
        database.url,
        poolclass=pool.NullPool,
        connect_args={
            name: value
            for name, value in _CONNECT_ARGUMENTS.items()
            if name not in database.url.query
        },
    )

    @event.listens_for(engine, "connect", insert=True)
    def _use_schema(dbapi_connection: Any, _record: object) -> None:
        autocommit = dbapi_connection.autocommit
        dbapi_connection.autocommit = True
        with dbapi_connection.cursor() as cursor:
            cursor.execute(f"SET search_path TO {quote_identifier(schema)}")
        dbapi_connection.autocommit = autocommit

    try:
        connection = engine.connect()
    except exc.DBAPIError as error:
        reason = _without_password(one_line(error), database)
        raise CommandError(
            f"Cannot connect to the database given by {database.source}: {reason}\n"
            "Nothing was changed. Check the URL and that the server runs, then try again."
        ) from None
    with connection:
        yield connection


def require_usable(connection: Connection, schema: str | None) -> str:
    """Return in words which server ``connection`` talks to; refuse one that cannot serve.

    ``schema`` is the schema that must exist; None for a connection that the caller set up.

    Raises:
        CommandError: the server is older than PostgreSQL 16, the schema does not exist or may not
            be used, or the caller's connection is in autocommit.
    """
    if schema is None and driver_of(connection).autocommit:
        raise CommandError(
            "The connection that was handed over is in autocommit.\n"
            "Nothing was changed. Hand over one that begins transactions, from an engine without "
            'isolation_level="AUTOCOMMIT".'
        )
    url = connection.engine.url
    host = url.host or url.query.get("host") or "the local socket"
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


def _without_password(message: str, database: DatabaseUrl) -> str:
    password = database.url.password
    return message.replace(password, "***") if password else message
