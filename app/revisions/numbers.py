"""Revision ids: 0001, 0002, … given by ``alembic revision`` and ``alembic merge`` themselves.

``versions/HEAD`` names the newest revision, so that two branches that both add 0002 conflict in
git when they meet, not in a deployment.
"""

import re
from pathlib import Path
from typing import Any

from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

HEAD_FILE = "HEAD"
ID_LENGTH = 32
_RANDOM_ID = re.compile(r"[0-9a-f]{12}")


def number_revisions(script: ScriptDirectory) -> None:
    """Make ``script`` number the revisions it writes, and keep ``versions/HEAD``.

    An id that the user chose with ``--rev-id`` is kept. Alembic offers no hook that ``merge``
    calls too, hence the wrapped method.
    """
    generate_revision = script.generate_revision

    def generate_numbered(revid: str, message: str | None, **options: Any) -> Script | None:
        if _RANDOM_ID.fullmatch(revid):
            revid = next_number(script)
        written = generate_revision(revid, message, **options)
        if written is not None:
            path = Path(written.path)
            (path.parent / HEAD_FILE).write_text(f"{path.stem}\n")
        return written

    script.generate_revision = generate_numbered  # type: ignore[method-assign, assignment]


def chained_ids(script: ScriptDirectory, first: str, count: int) -> list[str]:
    """Return the ids of ``count`` revisions, each on top of the one before it.

    ``first`` is the id that Alembic drew, or the user chose, for the first of them.

    Raises:
        CommandError: the user's id is too long.
    """
    ids = [first, *(f"{first}_{n}" for n in range(2, count + 1))]
    if len(ids[-1]) > ID_LENGTH:
        raise CommandError(
            f"The revision id {ids[-1]!r} is longer than the {ID_LENGTH} characters of "
            "alembic_version.\nNo revision was written. Choose a shorter --rev-id."
        )
    if _RANDOM_ID.fullmatch(first):
        number = int(next_number(script))
        return [f"{n:04d}" for n in range(number, number + count)]
    return ids


def next_number(script: ScriptDirectory) -> str:
    """Return the id after the highest numbered one, four digits wide: ``0002``."""
    ids = (revision.revision for revision in script.walk_revisions())
    return f"{max((int(id_) for id_ in ids if id_.isdigit()), default=0) + 1:04d}"
