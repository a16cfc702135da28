"""Idle sessions in the way of a statement that cannot run in a transaction.

Such a statement has each of its locks only as long as it needs it. But it waits for whoever uses
the table: for sessions that do nothing, one after the other, and while it waits its locks are seen.
"""

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, create_engine, pool
from sqlalchemy.exc import DBAPIError

from ..server.errors import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, sqlstate
from ..server.parameters import execute_as_is
from ..server.quoting import quote_identifier

POLL_SECONDS = 0.001
# No statement waits more often for sessions that come after it has begun.
MOST = 20

_SEEN = """\
SELECT relation, mode FROM pg_locks
WHERE pid = %s AND locktype = 'relation' AND database <> 0"""
_IS_BLOCKED = "SELECT %s = ANY (pg_blocking_pids(%s))"


class Blockers:
    """Holds up the session ``pid`` of the database ``url``, as a context manager.

    ``seen`` are the locks that the session had or waited for meanwhile.
    """

    def __init__(self, url: URL, schema: str, pid: int, tables: Sequence[str]) -> None:
        """Take what the session may use: the names of ``tables``, as SQL has them in ``schema``."""
        self.seen: dict[int, frozenset[str]] = {}
        self._engine = create_engine(url, poolclass=pool.NullPool)
        self._search_path = quote_identifier(schema)
        self._pid = pid
        self._tables = tables
        self._done = threading.Event()
        self._failure: DBAPIError | None = None
        self._thread = threading.Thread(target=self._run, name="blockers", daemon=True)
        # VACUUM and its like do not wait for those who only write.
        self._blocker = self._block("SHARE UPDATE EXCLUSIVE")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
        if self._failure and not error:
            raise self._failure

    def _run(self) -> None:
        try:
            with self._engine.connect() as watcher:
                watcher.execution_options(isolation_level="AUTOCOMMIT")
                self._watch(watcher)
        except DBAPIError as failure:
            self._failure = failure
        finally:
            if self._blocker:
                self._blocker.close()

    def _watch(self, watcher: Connection) -> None:
        left = MOST
        while not self._done.wait(POLL_SECONDS):
            self._look(watcher)
            if self._blocker and self._is_blocked(watcher, self._blocker):
                self._look(watcher)
                last = self._blocker
                left -= 1
                self._blocker = self._block("ROW EXCLUSIVE") if left else None
                last.close()

    def _look(self, watcher: Connection) -> None:
        for relation, mode in watcher.exec_driver_sql(_SEEN, (self._pid,)):
            self.seen[relation] = self.seen.get(relation, frozenset()) | {mode}

    def _is_blocked(self, watcher: Connection, blocker: Connection) -> bool:
        pid = blocker.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        return bool(watcher.exec_driver_sql(_IS_BLOCKED, (pid, self._pid)).scalar())

    def _block(self, mode: str) -> Connection | None:
        """Return a session that has locked all tables in ``mode``, and used all their indexes."""
        connection = self._engine.connect()
        try:
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 100")
            execute_as_is(connection, f"SET LOCAL search_path TO {self._search_path}")
            if self._tables:
                names = ", ".join(self._tables)
                execute_as_is(connection, f"LOCK TABLE {names} IN {mode} MODE")
                every = " UNION ALL ".join(f"SELECT FROM {name}" for name in self._tables)
                execute_as_is(connection, f"EXPLAIN {every}")
        except DBAPIError as error:
            connection.close()
            # Locks that keep this one out are seen without.
            if sqlstate(error) in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):
                return None
            raise
        return connection
