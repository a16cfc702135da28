"""What a failed step says: PostgreSQL's own words, what was left, and what to type next."""

from sqlalchemy.exc import DBAPIError

from ..compat import MigrationStep
from ..installation import typed
from ..revisions.misfits import SKIP
from ..server import errors
from ..server.errors import (
    DEADLOCK_DETECTED,
    INSUFFICIENT_PRIVILEGE,
    LOCK_NOT_AVAILABLE,
    QUERY_CANCELED,
    in_full,
    sqlstate,
)
from .activity import Session, ending, in_the_way
from .guarding import found_misfits
from .options import Options, in_words
from .pending import name, title

STATEMENT_LENGTH = 300


def stands_in_the_way(error: DBAPIError) -> bool:
    """Tell whether other sessions' locks were the reason, so that a second attempt may succeed."""
    return sqlstate(error) in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED)


def blocked(
    error: DBAPIError, step: MigrationStep | None, blockers: list[Session], options: Options
) -> str:
    """Return why ``step`` did not get its locks, and who stood in the way."""
    reason = (
        "ran into a deadlock"
        if sqlstate(error) == DEADLOCK_DETECTED
        else f"did not get a lock within {in_words(options.lock_timeout)}"
    )
    who = f"blocked by {in_the_way(blockers)}" if blockers else "by whom could not be seen"
    return f"{_what(step)} {reason}, {who}"


def needs_no_transaction(step: MigrationStep | None) -> str:
    """Return the message for a step that cannot run in the caller's transaction."""
    return (
        f"{_what(step)} works outside any transaction, and the connection it was given is in one.\n"
        "Nothing is committed: roll back, and give a connection without a transaction."
    )


def other_schema(began: str | None, now: str | None, left: str) -> str:
    """Return the message of a run whose schema was renamed or dropped by one of its steps."""
    return (
        f"The run began in schema {began!r}, and search_path leads to {now!r} now.\n"
        f"{left} Let search_path begin with the schema of alembic_version, and run the command "
        "again."
    )


def gave_up(reason: str, blockers: list[Session], left: str, attempts: int) -> str:
    """Return the message of a run that locks stood in the way of to the last attempt."""
    return (
        f"{reason}. That was attempt {attempts} of {attempts}.\n"
        f"{left} Run the command again when the other transaction has ended"
        f"{ending(blockers, ', or end it')}"
    )


def failed(error: DBAPIError, step: MigrationStep | None, left: str, options: Options) -> str:
    """Return the message of a step that failed for good; ``left`` is empty if more follows."""
    if found_misfits(error):
        return f"{_what(step)}: rows do not fit.\n{_misfits(error, left)}"
    lines = [f"{_what(step)} failed: {in_full(error)}"]
    if error.statement:
        lines.append(f"The statement was: {_shorten(error.statement)}")
    if error.connection_invalidated:
        lines.append(_lost())
    elif left:
        lines.append(f"{left} {_advice(error, options)}")
    return "\n".join(lines)


def nothing_was_done(step: MigrationStep, *, is_first: bool) -> str:
    """Return what there is to say of a ``step`` that was not begun."""
    at = name(step.from_revisions_no_deps)
    return f"{'Nothing' if is_first else 'Nothing more'} was changed: the database is at {at}."


def what_is_left(step: MigrationStep | None, *, partly: bool, caller_owns: bool) -> str:
    """Return what the failure left behind.

    ``partly``: the step committed something itself. ``caller_owns``: the transaction is the
    caller's, which still has to roll it back.
    """
    if caller_owns:
        return "Nothing is committed: roll back your transaction."
    if step is None:
        return "Nothing was changed."
    at = name(step.from_revisions_no_deps)
    if partly:
        again = "the next run does the revision" if step.is_upgrade else "an upgrade applies it"
        return (
            f"What the revision did outside a transaction stays; the database counts as at {at}, "
            f"and {again} again."
        )
    return f"Its transaction was rolled back: the database is at {at}."


def _what(step: MigrationStep | None) -> str:
    return title(step) if step else "Reading the database's revision"


def _misfits(error: DBAPIError, left: str) -> str:
    said = errors.in_words(error)
    if not left:
        return said
    return f"{said} {left}\nThen run the command again; -x misfits={SKIP} goes on without asking."


def _lost() -> str:
    # Nobody knows whether a commit that was under way came through.
    return (
        "The connection was lost, and PostgreSQL rolls back what was not committed. "
        "Run the command again when the server answers."
    )


def _advice(error: DBAPIError, options: Options) -> str:
    if sqlstate(error) == INSUFFICIENT_PRIVILEGE:
        return "Run it as the user that owns the tables."
    if sqlstate(error) == QUERY_CANCELED:
        return (
            f"If statement_timeout ({in_words(options.statement_timeout)}) is too short for it: "
            "-x statement_timeout=10min; other queries may wait as long."
        )
    return f"For the traceback: {typed('--raiseerr ...')}"


def _shorten(statement: str) -> str:
    statement = " ".join(statement.split())
    return statement[:STATEMENT_LENGTH] + (" ..." if len(statement) > STATEMENT_LENGTH else "")
