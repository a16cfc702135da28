"""The database of a command, found as Alembic's commands find it."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..server.connection import connect, require_usable, schema_name
from ..server.url import find_database_url
from .alembic_options import load_config, x_arguments

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def open_database(options: Namespace) -> Iterator["Connection"]:
    """Yield a connection in autocommit to the database that ``options`` mean, in its schema.

    Says on stderr which server that is.

    Raises:
        CommandError: no database is configured, it cannot be reached, or it cannot be used.
    """
    given = x_arguments(options)
    schema = schema_name(given)
    database = find_database_url(load_config(options), given)
    with connect(database, schema) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        server = database.in_words(require_usable(connection, schema))
        if not options.quiet:
            print(server, file=sys.stderr)
        yield connection
