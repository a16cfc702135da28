"""What a real upgrade locks, seen in ``pg_locks`` by other sessions."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Lock, Thread

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from app.plan.modes import strength
from app.server.settings import driver_of
from tests.plan.planner import SHARE_UPDATE_EXCLUSIVE

TABLES = """\
SELECT oid, relname FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
    AND relname <> 'alembic_version'"""
LOCKS = "SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = %s"
WAITS = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"


class UpgradeWatch:
    """Watches the session that migrates on ``engine``.

    All that a transaction locked is seen when it commits. What works outside of one has its locks
    as long as it waits, so an application that writes to all tables is in its way: it does not
    begin before that is so.
    """

    def __init__(self, engine: Engine) -> None:
        self.seen: set[tuple[str, str]] = set()
        self._engine = engine
        self._own = create_engine(engine.url, poolclass=NullPool)
        self._watcher = self._own.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._tables: dict[int, str] = dict(self._watcher.exec_driver_sql(TABLES).all())
        self._one_at_a_time = Lock()
        self._pid: int | None = None
        self._in_use = Event()
        self._done = Event()

    @contextmanager
    def watching(self, *, writing: bool) -> Iterator[set[tuple[str, str]]]:
        """Yield the locks on tables that were there; ``writing``: others are in the way."""
        listeners: dict[str, Callable[..., None]] = {"commit": self._look, "begin": self._meet}
        with ExitStack() as stack:
            stack.enter_context(self._watcher)
            for name, listener in listeners.items():
                event.listen(self._engine, name, listener)
                stack.callback(event.remove, self._engine, name, listener)
            if writing:
                event.listen(self._engine, "before_cursor_execute", self._wait_for_use)
                stack.callback(
                    event.remove, self._engine, "before_cursor_execute", self._wait_for_use
                )
                one, other = (stack.enter_context(self._own.connect()) for _ in range(2))
                self._use_tables(one)
                thread = Thread(target=self._write, args=(one, other))
                thread.start()
                stack.callback(thread.join)
                stack.callback(self._done.set)
            yield self.seen

    def _meet(self, connection: Connection) -> None:
        # The runner's own watch comes later, with a session of its own.
        self._pid = self._pid or driver_of(connection).info.backend_pid

    def _wait_for_use(self, connection: Connection, *_statement: object) -> None:
        driver = driver_of(connection)
        if driver.autocommit and driver.info.backend_pid == self._pid:
            assert self._in_use.wait(30)

    def _look(self, _connection: Connection | None = None) -> None:
        with self._one_at_a_time:
            for relation, mode in self._watcher.exec_driver_sql(LOCKS, (self._pid,)):
                if relation in self._tables and strength(mode) >= SHARE_UPDATE_EXCLUSIVE:
                    self.seen.add((self._tables[relation], mode))

    def _write(self, one: Connection, other: Connection) -> None:
        """Be in the way until the session waits for it; then let somebody else be."""
        while not self._done.wait(0.001):
            if not self._in_use.is_set() or self._is_waiting():
                self._look()
                # What works in a transaction may be in the way itself.
                self._in_use.clear()
                self._use_tables(other)
                one.rollback()
                one, other = other, one

    def _is_waiting(self) -> bool:
        with self._one_at_a_time:
            return bool(self._watcher.exec_driver_sql(WAITS, (self._pid,)).scalar())

    def _use_tables(self, connection: Connection) -> None:
        names = ", ".join(f'"{name}"' for name in self._tables.values())
        try:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 20")
            connection.exec_driver_sql(f"LOCK TABLE {names} IN ROW EXCLUSIVE MODE")
        except DBAPIError:
            connection.rollback()
        else:
            self._in_use.set()
