"""How the changes are written down: which revisions, their operations, what to review in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from alembic.operations.ops import MigrateOperation

from ..changes import Changes
from .guards import Guards, guards_for
from .online.layout import Part, lay_out, without_gap
from .review import points_to_review


@dataclass(frozen=True)
class Revision:
    """One revision to write: its message, its operations both ways, and what to look at in it."""

    message: str | None
    upgrade: list[MigrateOperation]
    downgrade: list[MigrateOperation]
    review: Sequence[str]
    alone: bool
    """Whether it works outside a transaction, and so can be stopped half-way."""


def make_revisions(changes: Changes, message: str | None, *, guarded: bool) -> list[Revision]:
    """Return the revisions that make ``changes``, in the order they run.

    ``message`` is the user's; ``guarded``: the rows are asked before rules come. What is to be
    looked at in an object stands where it comes first.
    """
    revisions: list[Revision] = []
    seen: set[str] = set()
    parts, gapless = lay_out(changes), without_gap(changes)
    guards = guards_for(changes, parts) if guarded else [Guards() for _ in parts]
    for part, said, asked in zip(parts, _messages(message, parts), guards, strict=True):
        points = points_to_review(changes, part.identities, gapless)
        review = [_quoted(point) for point in points if point not in seen]
        seen.update(points)
        upgrade, downgrade = [*asked.up, *part.upgrade()], [*asked.down, *part.downgrade()]
        revisions.append(Revision(said, upgrade, downgrade, review, part.alone))
    return revisions


def _messages(message: str | None, parts: Sequence[Part]) -> list[str | None]:
    """Return what each revision is called: as the user says, with what tells it from the others."""
    prefix = f"{message}: " if message else ""
    messages: list[str | None] = [prefix + _quoted(part.title()) for part in parts]
    if len(parts) == 1 or not parts[0].alone:
        messages[0] = message
    return messages


def _quoted(text: str) -> str:
    """Return ``text``, which names objects, as it has to stand in a docstring."""
    return text.replace("\\", r"\\").replace('"', r"\"")
