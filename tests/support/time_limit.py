"""A test that takes too long fails, whatever it waits for.

pytest-timeout raises in the waiting test, but Python cannot before a call into C returns, and
libpq's does not as long as the server works. So at the limit the server ends the sessions in this
process's databases, and goes on with those that come until the test has ended.
"""

from threading import Event, Thread

import pytest
from pytest_timeout import Settings, is_debugging
from sqlalchemy import URL, NullPool, create_engine, text

from tests.support.databases import PREFIX

FAULT_SECONDS = 45 * 60
# pytest-timeout comes first, so that its failure is the one that is reported.
GRACE_SECONDS = 1
_END_SESSIONS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE starts_with(datname, :prefix) AND state <> 'idle'"
)


class TimeLimit:
    """The plug-in that ends what a test still runs on ``server`` at its time limit."""

    def __init__(self, server: URL) -> None:
        self._engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._over = Event()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give the long runs a limit of their own."""
        for item in items:
            if item.get_closest_marker("fault") and not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(FAULT_SECONDS))

    def pytest_timeout_set_timer(self, settings: Settings) -> None:
        """Watch over the test that begins."""
        self._over = Event()
        watch = Thread(target=self._watch, args=(settings.timeout, self._over), daemon=True)
        watch.start()

    def pytest_timeout_cancel_timer(self) -> None:
        """The test has ended, or somebody debugs it."""
        self._over.set()

    def _watch(self, seconds: float, over: Event) -> None:
        over.wait(seconds)
        while not over.wait(GRACE_SECONDS) and not is_debugging():
            with self._engine.connect() as connection:
                connection.execute(_END_SESSIONS, {"prefix": PREFIX})
