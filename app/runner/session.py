"""The session that migrates: its settings, and how the server notices that its client is gone."""

from contextlib import nullcontext
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, text

from ..server.errors import is_lost
from ..server.settings import autocommit, change_settings, in_transaction, unless_failed
from .options import Options

# A client whose machine or network is gone cannot say so: three probes, and its locks go.
_KEEPALIVES = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
# A killed client's statement ends, and its locks go, this long after it at the latest. Only
# Windows' servers know no way to tell.
_NOTICE_LOST_CLIENT = """\
DO $$
BEGIN
    PERFORM set_config('client_connection_check_interval', '500ms', {local});
EXCEPTION WHEN invalid_parameter_value THEN
    NULL;
END
$$"""
_PID, _SCHEMA = "SELECT pg_backend_pid()", "SELECT current_schema()"
_CHECK_INTERVAL = text(
    "SELECT name, current_setting(name)"
    " FROM (VALUES ('client_connection_check_interval')) AS v (name)"
)
# Who the session acts as decides what it may set.
IDENTITY = """\
SELECT name, current_setting(name) FROM (VALUES ('session_authorization'), ('role')) AS v (name)"""
# What is for one transaction ends with it.
SETTINGS = r"""
SELECT name, current_setting(name) FROM pg_settings
WHERE context IN ('user', 'superuser') AND name NOT LIKE 'transaction\_%'"""


class RunSession:
    """The session of a run, as a context manager: each step finds it as the first one did.

    What it was before is back in the end.
    """

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection = connection
        self._local = in_transaction(connection)
        self._wanted = {
            "lock_timeout": f"{options.lock_timeout}ms",
            "statement_timeout": f"{options.statement_timeout}ms",
            **_KEEPALIVES,
        }
        self._pid: int | None = None
        self._schema: str | None = None
        self._before: dict[str, str] = {}
        self._at_first_step: list[dict[str, str]] = []
        self._changed_by_steps: set[str] = set()

    def __enter__(self) -> Self:
        with autocommit(self._connection):
            self._pid, self._schema = self._ask(_PID), self._ask(_SCHEMA)
            self._before = dict(self._connection.execute(_CHECK_INTERVAL).all())
            self._before |= change_settings(self._connection, self._wanted, local=self._local)
            self._connection.exec_driver_sql(_NOTICE_LOST_CLIENT.format(local=self._local))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if is_lost(self._connection):
            return
        # In one transaction a pooler gives one session; another than the run's is a stranger's.
        caller_owns = self._connection.in_transaction()
        with unless_failed(), nullcontext() if caller_owns else self._connection.begin():
            if self.has_moved():
                return
            self._put_back()
            # What a step has set in the caller's transaction would outlive it.
            lasting = {n: v for n, v in self._before.items() if n in self._changed_by_steps}
            change_settings(self._connection, lasting, local=False)
            change_settings(self._connection, self._before, local=self._local)

    def has_moved(self) -> bool:
        """Tell whether this is another session than the run began in."""
        return bool(self._ask(_PID) != self._pid)

    def renew(self) -> None:
        """Put back what the step before has set, which is not for the next one."""
        if self._at_first_step:
            self._put_back()
        else:
            self._at_first_step = [
                dict(self._connection.execute(text(query)).all()) for query in (IDENTITY, SETTINGS)
            ]

    def schemas(self) -> tuple[str | None, str | None]:
        """Return the schema that the run began in, and the one that it is in."""
        return self._schema, self._ask(_SCHEMA)

    def _put_back(self) -> None:
        for kept in self._at_first_step:
            changed = change_settings(self._connection, kept, local=False)
            self._changed_by_steps.update(changed)

    def _ask(self, query: str) -> Any:
        return self._connection.exec_driver_sql(query).scalar()
