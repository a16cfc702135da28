"""Who blocks the migration: seen from a second connection while it waits.

PostgreSQL tells who blocks a session only as long as it waits; after a lock timeout nobody knows
any more. Its answer (pg_blocking_pids) stops the lock manager for a moment, so it is asked only
while a statement takes its time and waits for a lock, which the session's own entry among the
statistics tells for next to nothing. A run of short statements never opens the second connection.
"""

import logging
import threading
import time
from concurrent.futures import wait
from functools import partial
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, event

from ..server.beside import beside
from ..server.settings import autocommit
from .activity import Session, find_sessions, in_the_way
from .options import in_words

LONGEST_INTERVAL = 0.25  # seconds; PostgreSQL looks for a deadlock after a second of waiting
FIRST_REPORT_SECONDS = 5.0
REPEAT_SECONDS = 30.0
END_SECONDS = 1.0

# Whoever may not see what the session waits for has to ask.
_WAITS_FOR_LOCK = """\
SELECT coalesce(wait_event_type = 'Lock', state IS NULL) FROM pg_stat_get_activity({})"""
_BLOCKERS = "SELECT unnest(pg_blocking_pids({}))"

log = logging.getLogger(__name__)


class BlockerWatch:
    """Watches the session of ``connection`` in a thread of its own, as a context manager."""

    def __init__(self, connection: Connection, lock_timeout: int) -> None:
        self._connection = connection
        self._interval = min(LONGEST_INTERVAL, lock_timeout / 4_000 or LONGEST_INTERVAL)
        self._stop = threading.Event()
        self._working_since: float | None = None
        self._seen: list[Session] = []
        # A commit waits, too, for what its deferred constraints look at.
        self._notes = [
            ("before_cursor_execute", self._note_work),
            ("after_cursor_execute", self._note_rest),
            ("commit", self._note_work),
            ("rollback", self._note_rest),
        ]

    def __enter__(self) -> Self:
        with autocommit(self._connection):
            pid: int = self._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        for name, note in self._notes:
            event.listen(self._connection, name, note)
        self._watching = beside(self._connection, partial(self._watch, pid), self._is_needed)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        for name, note in self._notes:
            event.remove(self._connection, name, note)
        ended, _ = wait([self._watching], END_SECONDS)
        if ended and not self._watching.cancelled() and self._watching.exception():
            # What it would have told is a help only.
            log.debug("The sessions in the way are not known: %s", self._watching.exception())

    def take(self) -> list[Session]:
        """Return who blocked the session last, and forget it."""
        seen, self._seen = self._seen, []
        return seen

    def _note_work(self, *_: object) -> None:
        self._working_since = time.monotonic()

    def _note_rest(self, *_: object) -> None:
        self._working_since = None

    def _takes_its_time(self) -> bool:
        since = self._working_since
        return since is not None and time.monotonic() - since >= self._interval

    def _is_needed(self) -> bool:
        while not self._stop.wait(self._interval):
            if self._takes_its_time():
                return True
        return False

    def _watch(self, pid: int, other: Connection) -> None:
        blocked_since: float | None = None
        next_report = FIRST_REPORT_SECONDS
        with autocommit(other):
            while not self._stop.is_set():
                blockers = self._blockers(pid, other) if self._takes_its_time() else []
                if not blockers:
                    blocked_since, next_report = None, FIRST_REPORT_SECONDS
                else:
                    self._seen = blockers
                    now = time.monotonic()
                    blocked_since = blocked_since or now
                    if now - blocked_since >= next_report:
                        next_report += REPEAT_SECONDS
                        waiting = in_words((now - blocked_since) * 1_000)
                        log.info("Blocked for %s by %s", waiting, in_the_way(blockers))
                self._stop.wait(self._interval)

    def _blockers(self, pid: int, other: Connection) -> list[Session]:
        if not other.exec_driver_sql(_WAITS_FOR_LOCK.format(pid)).scalar():
            return []
        return find_sessions(other, _BLOCKERS.format(pid))
