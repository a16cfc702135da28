"""The commands that look at a live database, and ``ensure_version``, which prepares one."""

import logging
from collections.abc import Callable

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..compat import LOOKING
from ..installation import typed
from ..server.errors import in_full
from ..server.version_table import require_readable

log = logging.getLogger(__name__)


def look(connection: Connection, configure: Callable[..., None], server: str) -> None:
    """Run the command, which changes no more than it says itself.

    ``configure`` configures Alembic's context as ``env.py`` does for every command; ``server`` says
    in words where the database is.

    Raises:
        CommandError: PostgreSQL refuses it, or would.
    """
    caller_owns = connection.in_transaction()
    log.info(server)
    configure(connection=connection, **LOOKING)
    try:
        require_readable(connection, context.get_context())
        with context.begin_transaction():
            context.run_migrations()
        if not caller_owns:
            # The table of ``ensure_version``.
            connection.commit()
    except DBAPIError as error:
        raise CommandError(
            f"{in_full(error)}\nNothing was changed. For the traceback: {typed('--raiseerr ...')}"
        ) from error
