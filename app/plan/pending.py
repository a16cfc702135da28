"""Which revisions are to be planned: those between where a database is and a target."""

from collections.abc import Iterable, Sequence

from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from ..compat import MultipleHeads, RevisionError
from ..installation import typed
from ..revisions.heads import several_heads
from ..server.version_table import require_readable


def heads_of(connection: Connection) -> tuple[str, ...]:
    """Return the revisions that the database of ``connection`` is at.

    Raises:
        CommandError: the user may not read them.
    """
    context = MigrationContext.configure(connection)
    require_readable(connection, context)
    return context.get_current_heads()


def resolve(script: ScriptDirectory, start: str) -> tuple[str, ...]:
    """Return the revisions that ``start`` means: ``base``, ``0001``, ``head``.

    Raises:
        CommandError: there is no such revision.
    """
    return tuple(each.revision for each in script.get_revisions(start) if each is not None)


def pending(script: ScriptDirectory, heads: Sequence[str], target: str) -> list[Script]:
    """Return the revisions from ``heads`` to ``target``, in the order in which they are applied.

    Raises:
        CommandError: there is no such target, or the database is at a revision that the script
            directory does not have.
    """
    try:
        found = list(script.iterate_revisions(target, tuple(heads), implicit_base=True))
    except MultipleHeads as error:
        raise several_heads(script) from error
    except RevisionError as error:
        raise CommandError(
            f"No way from {in_words(heads)} to {target}: {error}.\n"
            f"Nothing was looked at. List the revisions: {typed('history')}"
        ) from error
    return found[::-1]


def up_to(script: ScriptDirectory, heads: Sequence[str]) -> list[Script]:
    """Return the revisions that bring an empty database to ``heads``."""
    if not heads:
        return []
    return list(script.iterate_revisions(tuple(heads), (), implicit_base=True))[::-1]


def in_words(heads: Iterable[str]) -> str:
    """Return revisions as people call them."""
    return ", ".join(sorted(heads)) or "base"
