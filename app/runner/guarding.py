"""When a guard of a revision is asked: before anything changes, and once in a run.

It is read-only and ends its own transaction: it holds no lock that DDL waits for, and no snapshot
that an index built CONCURRENTLY would wait for. Behind a change of the same revision, and in a
caller's transaction, there is no transaction of its own to be had; it is asked where it stands.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from alembic.operations import Operations
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from ..compat import option
from ..revisions.guards import SQLSTATE, GuardOp
from ..revisions.misfits import GUARD
from ..server.errors import sqlstate
from ..server.parameters import execute_as_is
from ..server.settings import settings
from .options import in_words

Ask = Callable[[GuardOp], None]

# All rows or an error; a rule that others prove reads no row.
ASKING = {"statement_timeout": "0", "constraint_exclusion": "on", "row_security": "off"}
_READ_ONLY = {"default_transaction_read_only": "on"}
LONG_SECONDS = 1.0

log = logging.getLogger(__name__)


@Operations.implementation_for(GuardOp)
def _guard(operations: Operations, op: GuardOp) -> None:
    ask: Ask = option(operations.get_context(), GUARD)
    ask(op)


class Guards:
    """The guards of a run, and whether the step that they stand in has begun otherwise."""

    def __init__(self, connection: Connection, *, skip: bool) -> None:
        """Take the connection of the run, and whether no guard is to be asked."""
        self.asking = False
        """Whether a guard is asked before its step has begun, or was when it failed."""
        self._connection = connection
        self._skip = skip
        # What no attempt asks a second time.
        self._passed: set[str] = set()
        self._has_begun = False

    def begin_step(self) -> None:
        """Note that what is done from now on is a step's."""
        self.asking = self._has_begun = False

    @contextmanager
    def noticing(self, note_commit: Callable[[], None]) -> Iterator[None]:
        """Notice when a step does anything at all: guards come before that.

        ``note_commit`` is called when it uses ``autocommit_block`` for anything else.
        """

        def notice_work(*_: object) -> None:
            self._has_begun = True

        def notice_commit(_connection: Connection, chosen: dict[str, Any]) -> None:
            if chosen.get("isolation_level") == "AUTOCOMMIT" and not self.asking:
                note_commit()

        event.listen(self._connection, "before_cursor_execute", notice_work)
        event.listen(self._connection, "set_connection_execution_options", notice_commit)
        try:
            yield
        finally:
            event.remove(self._connection, "before_cursor_execute", notice_work)
            event.remove(self._connection, "set_connection_execution_options", notice_commit)

    def asking_in(self, outside: Callable[[], AbstractContextManager[None]] | None) -> Ask:
        """Return what asks guards, ``outside`` the transaction of their step if there is a way."""

        def ask(op: GuardOp) -> None:
            asked = op.statement()
            if self._skip or asked in self._passed:
                return
            if self._has_begun or outside is None:
                self._ask(op)
                return
            self.asking = True
            with outside():
                self._ask(op)
            self._passed.add(asked)
            self.begin_step()

        return ask

    def _ask(self, op: GuardOp) -> None:
        started = time.monotonic()
        with settings(self._connection, ASKING | _READ_ONLY):
            execute_as_is(self._connection, op.statement(), **{GUARD: op})
        seconds = time.monotonic() - started
        if seconds >= LONG_SECONDS:
            log.info("All rows fit %s (asked in %s)", op.rule, in_words(seconds * 1_000))


def found_misfits(error: DBAPIError) -> bool:
    """Tell whether ``error`` says that a guard found rows that do not fit."""
    return sqlstate(error) == SQLSTATE
