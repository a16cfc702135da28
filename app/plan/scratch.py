"""The scratch database: a database of its own on another server, gone when the plan is made."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, exc, pool

from ..server.embedded import server as embedded_server
from ..server.errors import one_line
from ..server.parameters import execute_as_is
from ..server.quoting import quote_identifier
from ..server.scratch import EMBEDDED, OPTION, major_version
from ..server.url import parse

_NOT_LOOKED = "Nothing was looked at, and nothing was changed."
_ELSEWHERE = f"-x {OPTION}=postgresql://user@host/dbname"


@contextmanager
def scratch_database(url: str | None, schema: str, version: int | None) -> Iterator[Connection]:
    """Yield a connection to a new and empty database whose search_path is ``schema`` alone.

    It is made on the server of ``url``, else on the embedded one. ``version`` is the major version
    of PostgreSQL that is asked for; None takes what there is.

    Raises:
        CommandError: there is no such server, or it lets no database be created.
    """
    server = _server(url, version)
    name = f"scratch_{secrets.token_hex(8)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=pool.NullPool)
    with _connect(admin) as connection:
        _require_version(connection, version)
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING UTF8")
        except exc.DBAPIError as error:
            raise CommandError(
                f"The scratch database for the plan cannot be created: {one_line(error)}\n"
                f"{_NOT_LOOKED} Let the role create it (ALTER ROLE ... CREATEDB), or point "
                f"elsewhere: {_ELSEWHERE}"
            ) from error
        try:
            with _open(server.set(database=name), schema) as scratch:
                yield scratch
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _server(url: str | None, version: int | None) -> URL:
    if url is not None and url != EMBEDDED:
        # The tracer reads what this driver tells.
        return parse(url, f"-x {OPTION}").set(drivername="postgresql+psycopg2")
    try:
        return parse(embedded_server.start(version=version or 16), f"-x {OPTION}")
    except embedded_server.EmbeddedServerError as error:
        reason = " ".join(str(error).split())
        raise CommandError(
            f"The plan needs a scratch database, and there is no embedded server: {reason}\n"
            f"{_NOT_LOOKED} Install it (pip install -e '.[embedded]'), or point to a server: "
            f"{_ELSEWHERE}"
        ) from error


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except exc.DBAPIError as error:
        raise CommandError(
            f"Cannot connect to the server for the scratch database: {one_line(error)}\n"
            f"{_NOT_LOOKED} Check the URL given by -x {OPTION}."
        ) from None


def _require_version(connection: Connection, version: int | None) -> None:
    found = major_version(connection)
    if version is not None and found != version:
        raise CommandError(
            f"The server for the scratch database is PostgreSQL {found}, the database is on "
            f"PostgreSQL {version}, which may lock otherwise.\n"
            f"{_NOT_LOOKED} Point to a server of version {version}: {_ELSEWHERE}"
        )


@contextmanager
def _open(url: URL, schema: str) -> Iterator[Connection]:
    name = quote_identifier(schema)
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        execute_as_is(connection, f"CREATE SCHEMA IF NOT EXISTS {name}")
        execute_as_is(connection, f"SET search_path TO {name}")
        connection.commit()
        yield connection
