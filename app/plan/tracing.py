"""Running statements on the scratch database, and asking before and after each what there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, event

from ..revisions.guards import GuardOp
from ..revisions.misfits import GUARD
from .blockers import Blockers
from .observation import Observation, observe

# What PostgreSQL answers where a statement cannot run inside a transaction, or would end it.
_NEEDS_NO_TRANSACTION = ("25001", "2D000")
UNSEEN = "-- statements that did not come through SQLAlchemy"


@dataclass(frozen=True)
class Traced:
    """A statement that was run, and what there was before and after it.

    ``start`` is what there was when its transaction began: what came since is known to nobody else.
    ``alone`` tells that it ran outside any transaction; ``tag`` is what PostgreSQL called it.
    ``element`` is what SQLAlchemy made it of, ``guard`` what it asks for, if that is known.
    """

    sql: str
    tag: str
    start: Observation
    before: Observation
    after: Observation
    element: object = None
    alone: bool = False
    guard: GuardOp | None = None


class Tracer:
    """Traces what is run on a connection, as far as it is asked to."""

    def __init__(self, connection: Connection, schema: str) -> None:
        """Take the connection, psycopg2's, and the schema whose names are not qualified."""
        self._engine = connection.engine
        self._schema = schema
        self._driver: Any = connection.connection.driver_connection
        self._statements: list[Traced] = []
        # Of the transaction that is under way.
        self._start: Observation | None = None
        self._last: Observation | None = None

    @contextmanager
    def tracing(self) -> Iterator[list[Traced]]:
        """Yield the list that the statements run meanwhile are added to."""
        dialect = self._engine.dialect
        listeners: dict[str, Callable[..., object]] = {
            "do_execute": partial(self._execute, dialect.do_execute),
            "do_executemany": partial(self._execute, dialect.do_executemany),
            "do_execute_no_params": partial(self._execute, dialect.do_execute_no_params),
            "commit": self._end_transaction,
            "rollback": self._end_transaction,
            "rollback_savepoint": self._forget_last,
        }
        self._statements, self._start, self._last = [], None, None
        for name, listener in listeners.items():
            event.listen(self._engine, name, listener)
        try:
            yield self._statements
            self._look_once_more()
        finally:
            for name, listener in listeners.items():
                event.remove(self._engine, name, listener)

    def _execute(self, run: Callable[..., None], cursor: Any, *how: Any) -> bool:
        """Run a statement in SQLAlchemy's place; return False to leave that to SQLAlchemy."""
        if cursor.connection is not self._driver:
            return False
        with self._driver.cursor() as own:
            if self._driver.autocommit:
                traced = self._outside(own, cursor, lambda: run(cursor, *how))
            else:
                before = self._last or observe(own, self._schema)
                self._start = self._start or before
                run(cursor, *how)
                self._last = observe(own, self._schema)
                traced = _note(cursor, self._start, before, self._last)
        # The context of the execution comes last.
        element = getattr(getattr(how[-1], "compiled", None), "statement", None)
        guard = getattr(how[-1], "execution_options", {}).get(GUARD)
        self._statements.append(replace(traced, element=element, guard=guard))
        return True

    def _outside(self, own: Any, cursor: Any, run: Callable[[], None]) -> Traced:
        """Run a statement that is a transaction of its own; in one that is seen, if it can be."""
        before = observe(own, self._schema)
        own.execute("BEGIN")
        try:
            run()
        except own.connection.Error as error:
            own.execute("ROLLBACK")
            if error.pgcode not in _NEEDS_NO_TRANSACTION:
                raise
        else:
            after = observe(own, self._schema)
            own.execute("COMMIT")
            return _note(cursor, before, before, after)
        tables = [each.name for each in before.relations.values() if each.is_table]
        pid = self._driver.info.backend_pid
        with Blockers(self._engine.url, self._schema, pid, tables) as blockers:
            run()
        after = replace(observe(own, self._schema), locks=blockers.seen)
        return replace(_note(cursor, before, before, after), alone=True)

    def _end_transaction(self, connection: Connection) -> None:
        if connection.connection.driver_connection is self._driver:
            self._look_once_more()
            self._start = self._last = None

    def _forget_last(self, connection: Connection, _name: str, _context: None) -> None:
        if connection.connection.driver_connection is self._driver:
            self._last = None

    def _look_once_more(self) -> None:
        """Notice what was done in this transaction past SQLAlchemy, on the driver's own cursor."""
        in_transaction = 2  # libpq's PQTRANS_INTRANS
        status = self._driver.info.transaction_status
        if self._start is None or self._last is None or status != in_transaction:
            return
        with self._driver.cursor() as own:
            after = observe(own, self._schema)
        if after.locks != self._last.locks:
            self._statements.append(Traced(UNSEEN, "", self._start, self._last, after))


def _note(cursor: Any, start: Observation, before: Observation, after: Observation) -> Traced:
    return Traced(cursor.query.decode().strip(), cursor.statusmessage or "", start, before, after)
