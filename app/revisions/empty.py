"""Revisions that say nothing: they are refused unless somebody wants one."""

from collections.abc import Mapping

from alembic.util import CommandError

from ..installation import typed

EMPTY_OK = "empty_ok"
"""The option of ``context.configure`` that lets ``--autogenerate`` write what changes nothing."""


def is_empty_ok(x_arguments: Mapping[str, str]) -> bool:
    """Tell whether ``-x empty=ok`` is given.

    Raises:
        CommandError: it says something else.
    """
    given = x_arguments.get("empty")
    if given not in (None, "ok"):
        raise CommandError(f"-x empty is {given!r}.\nNothing was written. Write -x empty=ok.")
    return given is not None


def require_message(message: str | None) -> None:
    """Refuse a revision that does not say what it changes.

    Raises:
        CommandError: ``message`` is missing or blank.
    """
    if not (message or "").strip():
        command = typed("revision -m 'Say what changes'")
        raise CommandError(
            "A revision says what it changes, in its file's name too.\n"
            f"Nothing was written. Say it: {command}; -x empty=ok lets it say nothing."
        )
