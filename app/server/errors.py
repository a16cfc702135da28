"""What PostgreSQL's errors say, the same for psycopg and psycopg2."""

from typing import Any

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
    return " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())


def in_words(error: DBAPIError) -> str:
    """Return what a routine of the schema tells its caller: message, detail and hint, a line each.

    These are sentences for people, to whom code and context say nothing.
    """
    diagnostics = _diagnostics(error)
    if diagnostics is None:
        return one_line(error)
    said = (diagnostics.message_primary, diagnostics.message_detail, diagnostics.message_hint)
    return "\n".join(line for line in said if line)


def in_full(error: DBAPIError) -> str:
    """Return all that PostgreSQL says: message and code, then DETAIL, HINT and CONTEXT."""
    diagnostics = _diagnostics(error)
    if diagnostics is None:
        return one_line(error)
    lines = [f"{diagnostics.message_primary} [{sqlstate(error)}]"]
    for label, text in (
        ("DETAIL", diagnostics.message_detail),
        ("HINT", diagnostics.message_hint),
        ("CONTEXT", diagnostics.context),
    ):
        if text:
            lines.append(f"{label}: {text}")
    return "\n".join(lines)


def _diagnostics(error: DBAPIError) -> Any:
    """Return what the driver knows of the server's message; None if the server sent none."""
    found: Any = getattr(error.orig, "diag", None)
    return found if found is not None and found.message_primary else None


def is_lost(connection: Connection) -> bool:
    """Tell whether the session is gone: SQLAlchemy would open another one in its place."""
    return connection.closed or connection.invalidated
