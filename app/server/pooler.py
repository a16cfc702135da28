"""Poolers: one in session mode gives a client a session of its own, the others do not.

A run needs one: for its lock, its settings, its search_path. In transaction mode each transaction
may meet another session, and what is set stays there for strangers. So this is found out before
anything is set.
"""

import secrets
import time
from concurrent.futures import Future, wait
from functools import partial
from threading import Event
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from .beside import beside
from .settings import autocommit

# With each turn the other connection asks once more, so that no pooler that hands out its sessions
# in turn gives both connections always the same ones.
TURNS = 3
PAUSE_SECONDS = 0.05
# How long the other connection may wait for a session.
PATIENCE_SECONDS = 2.0

_WHO = "SELECT pg_backend_pid()"
# What a session does, or did last; that may be hidden from others.
_LAST = "SELECT query FROM pg_stat_activity WHERE pid = {}"
_HIDDEN = ("", "<insufficient privilege>")


def require_session(connection: Connection) -> bool:
    """Return whether there is a pooler in front of PostgreSQL; refuse one that keeps no session.

    ``connection`` is in autocommit. Nothing is set, and nothing is left behind.

    Raises:
        CommandError: a pooler in transaction or statement mode.
    """
    probe = f"{_WHO} -- {secrets.token_hex(8)}"
    pid = connection.exec_driver_sql(probe).scalar_one()
    if pid == _pid_of_the_protocol(connection):
        return False
    for turn in range(1, TURNS + 1):
        answered = Event()
        look = beside(connection, partial(_look, pid, probe, turn, answered))
        wait([look], PATIENCE_SECONDS)
        moved = connection.exec_driver_sql(probe).scalar_one() != pid
        if not moved and not look.done() and not answered.is_set():
            # The other one asked first and is not served: no session is shared with it.
            return True
        mode = _result(look) if look.done() or not moved else None
        if moved and mode is None:
            mode = "transaction"
        if mode is not None:
            raise CommandError(refusal(mode))
    return True


def refusal(mode: str, left: str = "Nothing was changed.") -> str:
    """Return why a pooler in ``mode`` cannot serve, what is ``left``, and what to do."""
    return (
        f"The connection goes through a pooler in {mode} mode, which gives each {mode} any of its "
        f"sessions.\n{left} Connect to PostgreSQL itself, or to a pooler in session mode."
    )


def _look(pid: int, probe: str, turn: int, answered: Event, other: Connection) -> str | None:
    """Return the pooler's mode if others than ``probe`` reach the session ``pid``, else None."""
    with autocommit(other):
        met = set()
        for _ in range(turn):
            met.add(other.exec_driver_sql(_WHO).scalar())
            answered.set()
    try:
        met.add(other.exec_driver_sql(_WHO).scalar())
    except DBAPIError as error:
        if error.connection_invalidated:
            return "statement"
        raise
    time.sleep(PAUSE_SECONDS)
    last = other.exec_driver_sql(_LAST.format(pid)).scalar()
    return "transaction" if pid in met or last not in (None, probe, *_HIDDEN) else None


def _result(look: Future[str | None]) -> str | None:
    try:
        return look.result()
    except (SQLAlchemyError, NotImplementedError):
        # There is no session for another connection, so none is shared with it.
        return None


def _pid_of_the_protocol(connection: Connection) -> int:
    """Return the process id that the server named when the connection began, a pooler its own."""
    driver: Any = connection.connection.driver_connection
    is_asyncpg = hasattr(driver, "get_server_pid")
    return int(driver.get_server_pid() if is_asyncpg else driver.info.backend_pid)
