"""Who blocks the migration: seen from a second connection while it waits.

PostgreSQL tells who blocks a session only as long as it waits; after a lock timeout nobody knows
any more. A run that is quick never opens the second connection.
"""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.pool import NullPool, QueuePool

from ..server.settings import autocommit
from .activity import Session, find_sessions
from .options import in_words

LONGEST_INTERVAL = 0.25  # seconds; PostgreSQL looks for a deadlock after a second of waiting
FIRST_REPORT_SECONDS = 5.0
REPEAT_SECONDS = 30.0

log = logging.getLogger("alembic.env")


class BlockerWatch:
    """Watches the session of ``connection`` in a thread of its own, as a context manager."""

    def __init__(self, connection: Connection, lock_timeout: int) -> None:
        self._engine = connection.engine
        with autocommit(connection):
            self._pid: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        self._interval = min(LONGEST_INTERVAL, lock_timeout / 4_000 or LONGEST_INTERVAL)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="blocker watch", daemon=True)
        self._seen: list[Session] = []

    def __enter__(self) -> Self:
        # Other pools may hand out the very connection that migrates.
        if isinstance(self._engine.pool, (NullPool, QueuePool)):
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=1)

    def take(self) -> list[Session]:
        """Return who blocked the session last, and forget it."""
        seen, self._seen = self._seen, []
        return seen

    def _run(self) -> None:
        if self._stop.wait(self._interval):
            return
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                self._look(connection)
        except Exception as error:
            # What it would tell is a help only; the run goes on without.
            log.debug("The sessions in the way cannot be looked up: %s", error)

    def _look(self, connection: Connection) -> None:
        blocked_since: float | None = None
        next_report = FIRST_REPORT_SECONDS
        while True:
            blockers = find_sessions(connection, "SELECT unnest(pg_blocking_pids(%s))", self._pid)
            if not blockers:
                blocked_since, next_report = None, FIRST_REPORT_SECONDS
            else:
                self._seen = blockers
                now = time.monotonic()
                blocked_since = blocked_since or now
                if now - blocked_since >= next_report:
                    next_report += REPEAT_SECONDS
                    waiting = in_words((now - blocked_since) * 1_000)
                    log.info("Blocked for %s by %s", waiting, describe(blockers))
            if self._stop.wait(self._interval):
                return


def describe(blockers: list[Session]) -> str:
    """Return the blockers with their queries and ages, one after the other."""
    return "; and by ".join(blocker.blocking() for blocker in blockers)
