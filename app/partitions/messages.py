"""What a routine tells: PostgreSQL's notices and warnings, and counts in words.

psycopg and asyncpg pass a message on when it arrives, while the routine still runs; psycopg2 passes
all of them on after the statement, unless it waits as it does for coroutines.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from ..installation import COMMAND
from ..server.settings import settings

ENSURE = f"{COMMAND} partitions ensure"
RETIRE = f"{COMMAND} partitions retire"

Tell = Callable[[str], None]


def counted(number: int, noun: str) -> str:
    """Return ``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Notices:
    """Takes the place of psycopg2's list of notices, which SQLAlchemy would empty."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def append(self, message: str) -> None:
        """Pass on ``message`` without its severity."""
        self._tell(message.partition(":")[2].strip())


@contextmanager
def long_call(
    connection: Connection,
    least: str,
    tell: Tell,
    statement_timeout: int = 0,
    *,
    at_once: bool = False,
) -> Iterator[None]:
    """Let a call on ``connection``, in autocommit, take its time, and tell what it says.

    ``least`` is the severity from which on messages are wanted: ``notice`` or ``warning``;
    ``statement_timeout`` is in milliseconds (0: none). ``at_once`` is for a process that does
    nothing else meanwhile: psycopg2 waits in another way then, in all its threads.
    """
    wanted = {"client_min_messages": least, "statement_timeout": f"{statement_timeout}ms"}
    driver = connection.connection.driver_connection
    with settings(connection, wanted), _telling(driver, tell, at_once):
        yield


@contextmanager
def _telling(driver: Any, tell: Tell, at_once: bool) -> Iterator[None]:
    if hasattr(driver, "notices"):
        with _psycopg2_telling(driver, tell, at_once):
            yield
    elif hasattr(driver, "add_log_listener"):  # asyncpg

        def listen(_connection: object, message: Any) -> None:
            tell(message.message)

        driver.add_log_listener(listen)
        try:
            yield
        finally:
            driver.remove_log_listener(listen)
    else:  # psycopg

        def handle(diagnostic: Any) -> None:
            tell(diagnostic.message_primary or "")

        driver.add_notice_handler(handle)
        try:
            yield
        finally:
            driver.remove_notice_handler(handle)


@contextmanager
def _psycopg2_telling(driver: Any, tell: Tell, at_once: bool) -> Iterator[None]:
    from psycopg2.extensions import get_wait_callback, set_wait_callback
    from psycopg2.extras import wait_select

    notices, wait = driver.notices, get_wait_callback()
    driver.notices = _Notices(tell)
    if at_once:
        set_wait_callback(wait or wait_select)
    try:
        yield
    finally:
        if at_once:
            set_wait_callback(wait)
        driver.notices = notices
