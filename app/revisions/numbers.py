"""Revision ids: 0001, 0002, … given by ``alembic revision`` and ``alembic merge`` themselves.

``versions/HEAD`` names the newest revision, so that two branches that both add 0002 conflict in
git when they meet, not in a deployment.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from ..compat import RevisionContext, generate_by, mark_drawn_ids
from ..installation import IS_CHECKOUT
from .empty import require_message

HEAD_FILE = "HEAD"
ID_LENGTH = 32
# Longer digits are a user's own: a date, a ticket.
_NUMBER = re.compile(r"\d{4,7}")


class DrawnId(str):
    """An id that Alembic drew, which a number takes the place of; one that is given is kept."""

    __slots__ = ()


def number_revisions(
    script: ScriptDirectory, revision: RevisionContext | None, *, empty_ok: bool
) -> None:
    """Make ``script`` number the revisions it writes, and keep ``versions/HEAD``.

    ``revision`` is what ``alembic revision`` is about to write; None in other commands. An id that
    the user chose is kept, whatever it looks like; one without a message is refused unless
    ``empty_ok``.
    """
    mark_drawn_ids(DrawnId, revision)

    def numbered(generate: Callable[..., Script | None]) -> Callable[..., Script | None]:
        def generate_numbered(revid: str, message: str | None, **options: Any) -> Script | None:
            if isinstance(revid, DrawnId):
                revid = next_number(script)
            _require_usable(script, revid)
            require_checkout()
            if not empty_ok:
                require_message(message)
            written = generate(revid, message, **options)
            if written is not None:
                path = Path(written.path)
                (path.parent / HEAD_FILE).write_text(f"{path.stem}\n")
            return written

        return generate_numbered

    generate_by(script, numbered)


def require_checkout() -> None:
    """Refuse to write revisions anywhere else.

    Raises:
        CommandError: this is an installed package.
    """
    if not IS_CHECKOUT:
        raise CommandError(
            "Revisions are written in a checkout, and this is an installed package.\n"
            "Nothing was written. In a checkout, first: pip install -e '.[dev]'"
        )


def chained_ids(script: ScriptDirectory, first: str | None, count: int) -> list[str]:
    """Return the ids of ``count`` revisions, each on top of the one before it.

    ``first`` is the id that Alembic drew, or the user chose, for the first of them.

    Raises:
        CommandError: the user's id cannot be used, or not for so many.
    """
    if first is None or isinstance(first, DrawnId):
        number = int(next_number(script))
        return [f"{n:04d}" for n in range(number, number + count)]
    ids = [first, *(f"{first}_{n}" for n in range(2, count + 1))]
    for each in ids:
        _require_usable(script, each)
    return ids


def next_number(script: ScriptDirectory) -> str:
    """Return the id after the highest numbered one, four digits wide: ``0002``."""
    numbers = (int(each) for each in _ids(script) if is_number(each))
    return f"{max(numbers, default=0) + 1:04d}"


def is_number(id_: str) -> bool:
    """Tell whether ``id_`` is one of those that the tool gives."""
    return bool(_NUMBER.fullmatch(id_))


def _require_usable(script: ScriptDirectory, id_: str) -> None:
    if len(id_) > ID_LENGTH:
        fault = f"is longer than the {ID_LENGTH} characters of alembic_version"
    elif id_ in _ids(script):
        fault = "is taken"
    elif "/" in id_ or "\\" in id_:
        fault = "is no name for a file"
    else:
        return
    raise CommandError(
        f"The revision id {id_!r} {fault}.\nNo revision was written. Choose another --rev-id."
    )


def _ids(script: ScriptDirectory) -> set[str]:
    return {revision.revision for revision in script.walk_revisions()}
