"""What PostgreSQL's errors say, the same for psycopg2, psycopg and asyncpg."""

from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

# PostgreSQL's codes (appendix A of its manual) that something here depends on.
INVALID_INTERVAL = "22007"
READ_ONLY_TRANSACTION = "25006"
IN_FAILED_TRANSACTION = "25P02"
DEADLOCK_DETECTED = "40P01"
INSUFFICIENT_PRIVILEGE = "42501"
LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"


def sqlstate(error: DBAPIError) -> str | None:
    """Return PostgreSQL's code of ``error``; None if the error is not the server's."""
    # psycopg calls it sqlstate, psycopg2 pgcode.
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)


def one_line(error: SQLAlchemyError) -> str:
    """Return what went wrong as one line, in the words of the driver or of SQLAlchemy."""
    if isinstance(error, DBAPIError):
        # asyncpg's own error is the cause of what SQLAlchemy makes of it.
        return " ".join(str(_asyncpg(error) or error.orig).split())
    return " ".join(str(error).split())


def in_words(error: DBAPIError) -> str:
    """Return what a routine of the schema tells its caller: message, detail and hint, a line each.

    These are sentences for people, to whom code and context say nothing.
    """
    said = _said(error)
    if said is None:
        return one_line(error)
    return "\n".join(line for line in (said.message, said.detail, said.hint) if line)


def in_full(error: DBAPIError) -> str:
    """Return all that PostgreSQL says: message and code, then DETAIL, HINT and CONTEXT."""
    said = _said(error)
    if said is None:
        return one_line(error)
    lines = [f"{said.message} [{sqlstate(error)}]"]
    for label, text in (("DETAIL", said.detail), ("HINT", said.hint), ("CONTEXT", said.context)):
        if text:
            lines.append(f"{label}: {text}")
    return "\n".join(lines)


class _Said(NamedTuple):
    message: str
    detail: str | None
    hint: str | None
    context: str | None


def _said(error: DBAPIError) -> _Said | None:
    """Return what the server said; None if it was not the server that did."""
    asyncpg = _asyncpg(error)
    if asyncpg is not None:
        return _Said(asyncpg.message, asyncpg.detail, asyncpg.hint, asyncpg.context)
    found: Any = getattr(error.orig, "diag", None)
    if found is None or not found.message_primary:
        return None
    return _Said(found.message_primary, found.message_detail, found.message_hint, found.context)


def _asyncpg(error: DBAPIError) -> Any:
    """Return asyncpg's error, if it is one of the server."""
    cause: Any = getattr(error.orig, "__cause__", None)
    return cause if hasattr(cause, "sqlstate") and hasattr(cause, "message") else None


def is_lost(connection: Connection) -> bool:
    """Tell whether the session is gone: SQLAlchemy would open another one in its place."""
    return connection.closed or connection.invalidated
