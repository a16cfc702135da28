"""The session that migrates: its timeouts, and how the server notices that its client is gone."""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from ..server.errors import is_lost
from .options import Options

# A killed client's statement ends, and its locks go, this long after it at the latest. Only
# Windows' servers know no way to tell.
_NOTICE_LOST_CLIENT = """\
DO $$
BEGIN
    PERFORM set_config('client_connection_check_interval', '500ms', false);
EXCEPTION WHEN invalid_parameter_value THEN
    NULL;
END
$$"""
# A client whose machine or network is gone cannot say so: three probes, and its locks go, too.
_KEEPALIVES = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_CURRENT = """\
SELECT name, current_setting(name)
FROM unnest(%s::text[]) AS wanted (name)
WHERE name <> 'application_name' OR current_setting(name) = 'alembic'"""
_SET = (
    "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS s (name, value)"
)


@contextmanager
def autocommit(connection: Connection) -> Iterator[None]:
    """Run statements outside any transaction; in the caller's transaction where there is one."""
    if connection.in_transaction():
        yield
        return
    driver: Any = connection.connection.driver_connection
    before = driver.autocommit
    driver.autocommit = True
    try:
        yield
    finally:
        if not is_lost(connection):
            connection.rollback()
            driver.autocommit = before


@contextmanager
def migrating_session(connection: Connection, options: Options) -> Iterator[None]:
    """Give the session the settings of a run, and its own ones back in the end.

    The application name tells which host runs; one that the user chose stays.
    """
    wanted = {
        **timeouts(options),
        **_KEEPALIVES,
        "application_name": f"alembic on {platform.node()}"[:63],
        "client_connection_check_interval": "",
    }
    with autocommit(connection):
        before: dict[str, str] = dict(connection.exec_driver_sql(_CURRENT, (list(wanted),)).all())
        chosen = {name: wanted[name] for name in before if wanted[name]}
        apply_settings(connection, chosen)
        connection.exec_driver_sql(_NOTICE_LOST_CLIENT)
    try:
        yield
    finally:
        if not is_lost(connection) and not _is_aborted(connection):
            with autocommit(connection):
                apply_settings(connection, before)


def timeouts(options: Options) -> dict[str, str]:
    """Return the settings that each revision starts with; a revision may change them."""
    return {
        "lock_timeout": str(options.lock_timeout),
        "statement_timeout": str(options.statement_timeout),
    }


def apply_settings(connection: Connection, settings: dict[str, str]) -> None:
    """Set ``settings`` for the rest of the session."""
    connection.exec_driver_sql(_SET, (list(settings), list(settings.values())))


def _is_aborted(connection: Connection) -> bool:
    """Tell whether the caller's transaction can only be rolled back, as are settings made in it."""
    in_error = 3  # libpq's PQTRANS_INERROR
    return bool(connection.connection.driver_connection.info.transaction_status == in_error)  # type: ignore[union-attr]
