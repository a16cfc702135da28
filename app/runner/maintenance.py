"""The partitions that every upgrade sees to (docs/decisions/050-partition-routines.md).

A deployment is when they are made if no job does it, and never a reason for it to fail.
"""

import logging

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..partitions import routines
from ..partitions.messages import ENSURE, counted, long_call
from ..server.errors import one_line
from ..server.settings import autocommit
from .options import Options

log = logging.getLogger(__name__)


def ensure_partitions(connection: Connection, options: Options) -> None:
    """Create the partitions that are missing, if the schema has the procedure that does it.

    It takes no longer than a statement of a revision may: while a month's rows move, the
    application waits, and more of them than that are left to a quiet hour.

    Outside a transaction only: the procedure commits. What goes wrong is a warning. A role that may
    not call it, for which there was nothing to migrate, is left in peace.
    """
    try:
        with autocommit(connection):
            if not routines.may_ensure(connection):
                return
            with long_call(connection, "warning", log.warning, options.statement_timeout):
                done = routines.ensure(connection)
    except DBAPIError as error:
        reason = one_line(error)
        log.warning("The partitions were not all seen to, and no row is lost: %s", reason)
        log.warning("The revisions stay applied. In a quiet hour: %s", ENSURE)
        return
    if done.created:
        created, moved = counted(done.created, "partition"), counted(done.moved, "row")
        log.info("Created %s, moved %s there from DEFAULT", created, moved)
    if done.failed:
        log.warning("No row is lost. Try again: %s", ENSURE)
