"""Where the scratch copy is built: beside the live schema, or on another server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy import Connection, exc

from .connection import make_engine
from .embedded import server as embedded_server
from .errors import one_line
from .given import first_given
from .url import parse

OPTION, VARIABLE, EMBEDDED = "scratch_url", "SCRATCH_URL", "embedded"


def find_scratch_url(x_arguments: Mapping[str, str]) -> str | None:
    """Return ``-x scratch_url=…`` or ``SCRATCH_URL``; None to build beside the live schema.

    Raises:
        CommandError: the first of them that is set is empty.
    """
    given = first_given(x_arguments, OPTION, VARIABLE)
    return given[1] if given else None


@contextmanager
def scratch_connection(live: Connection, url: str | None) -> Iterator[Connection]:
    """Yield the connection on which to build the scratch copy: ``live``, or one to ``url``.

    Raises:
        CommandError: the other server cannot be reached, or is of another major version, whose
            texts would differ.
    """
    if url is None:
        yield live
        return
    value = _start_embedded() if url == EMBEDDED else url
    try:
        connection = make_engine(parse(value, f"-x {OPTION}")).connect()
    except exc.DBAPIError as error:
        raise CommandError(
            f"Cannot connect to the server for the scratch copy given by -x {OPTION}: "
            f"{one_line(error)}\nNothing was changed."
        ) from None
    with connection:
        ours, theirs = major_version(live), major_version(connection)
        if ours != theirs:
            raise CommandError(
                f"The server for the scratch copy is PostgreSQL {theirs}, the database is on "
                f"PostgreSQL {ours}; they print definitions differently.\nNothing was changed. "
                f"Point -x {OPTION} at a server of version {ours}."
            )
        yield connection


def _start_embedded() -> str:
    try:
        return embedded_server.start()
    except embedded_server.EmbeddedServerError as error:
        raise CommandError(
            f"No server for the scratch copy (-x {OPTION}={EMBEDDED}). {error}"
        ) from error


def major_version(connection: Connection) -> int:
    """Return the major version of the PostgreSQL that ``connection`` talks to."""
    version = connection.dialect.server_version_info
    return int(version[0]) if version else 0
