"""One run at a time: a session-level advisory lock on the connection that migrates.

It is polled, not waited for: a waiting ``pg_advisory_lock`` holds a snapshot, for which the other
run's CREATE INDEX CONCURRENTLY would wait. The connection that migrates holds it, so it lasts
exactly as long as the migrating backend does, however the client ends.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import SystemRandom

from alembic.util import CommandError
from sqlalchemy import Connection

from ..server.errors import is_lost
from ..server.settings import autocommit
from .activity import Session, ending, find_sessions
from .options import in_words

POLL_SECONDS = (0.1, 0.3)
REPEAT_SECONDS = 15.0

# The key is the schema's own identity: pg_locks shows it as classid and objid.
_SCHEMA = "SELECT oid FROM pg_namespace WHERE nspname = current_schema()"
_KEY = "'pg_namespace'::regclass::oid::int, {}::oid::int"
_HOLDERS = """\
SELECT coalesce(pid, 0) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid = 'pg_namespace'::regclass AND objid = {}"""

log = logging.getLogger(__name__)


@contextmanager
def only_run(connection: Connection, wait_timeout: int) -> Iterator[None]:
    """Hold the lock of the schema; wait ``wait_timeout`` milliseconds for another run to end.

    In a transaction of the caller's, which others cannot see the outcome of before it ends, the
    lock lasts until then.

    Raises:
        CommandError: another run still holds the lock; the message says who.
    """
    caller_owns = connection.in_transaction()
    with autocommit(connection):
        # Asked once: what a revision does to search_path must not change it.
        schema: int = connection.exec_driver_sql(_SCHEMA).scalar_one()
        function = "pg_try_advisory_xact_lock" if caller_owns else "pg_try_advisory_lock"
        _acquire(connection, function, schema, wait_timeout)
    if caller_owns:
        yield
        return
    try:
        yield
    finally:
        if not is_lost(connection):
            connection.rollback()
            with autocommit(connection):
                _release(connection, schema)


def _acquire(connection: Connection, function: str, schema: int, wait_timeout: int) -> None:
    started = time.monotonic()
    next_report = started
    while not _call(connection, function, schema):
        now = time.monotonic()
        if now >= next_report or now - started >= wait_timeout / 1_000:
            holders = find_sessions(connection, _HOLDERS.format(schema))
            if now - started >= wait_timeout / 1_000:
                raise CommandError(_give_up(holders, wait_timeout))
            if holders:  # else it has just ended
                log.info("Waiting for another run: %s", _and(holders))
                next_report = now + REPEAT_SECONDS
        time.sleep(SystemRandom().uniform(*POLL_SECONDS))
    if next_report > started:
        waited = in_words((time.monotonic() - started) * 1_000)
        log.info("The other run has ended after %s", waited)


def _release(connection: Connection, schema: int) -> None:
    if not _call(connection, "pg_advisory_unlock", schema):
        log.warning(
            "The lock of this run was gone before its end: other runs may have come between. "
            "Connect directly or through a pooler in session mode, not in transaction mode."
        )


def _call(connection: Connection, function: str, schema: int) -> bool:
    return bool(connection.exec_driver_sql(f"SELECT {function}({_KEY.format(schema)})").scalar())


def _and(holders: list[Session]) -> str:
    return " and ".join(holder.holding() for holder in holders)


def _give_up(holders: list[Session], wait_timeout: int) -> str:
    return (
        f"Another run has not ended within {in_words(wait_timeout)}: "
        f"{_and(holders) or 'it has just ended'}.\n"
        "Nothing was changed. Try again later, wait longer with -x wait_timeout=30min"
        f"{ending(holders, ', or end the other run')}"
    )
