"""Laying the pieces out over as few revisions as their transactions allow."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from alembic.operations import ops

from ....catalog.identity import Identity
from ..operations import Statement
from .pieces import Piece, Task


@dataclass
class Part:
    """What one revision holds."""

    alone: bool
    pieces: list[Piece] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)

    @property
    def scans(self) -> bool:
        """Whether it validates what an earlier revision added."""
        return any(piece.scans for piece in self.pieces)

    def title(self) -> str:
        """Return what tells this revision from the others that are written with it."""
        if self.alone:
            kind, _, name = self.identities[0]
            return self.pieces[0].title or f"{kind} {name}"
        return "validate" if self.scans else "finish"

    def upgrade(self) -> list[ops.MigrateOperation]:
        """Return the operations forward."""
        operations = [op for piece in self._ordered() for op in piece.forward]
        if self.scans:
            operations.insert(0, Statement("SET LOCAL statement_timeout = 0"))
        return operations

    def downgrade(self) -> list[ops.MigrateOperation]:
        """Return the operations back."""
        return [op for piece in reversed(self._ordered()) for op in piece.backward]

    def _ordered(self) -> list[Piece]:
        # Nothing that blocks others is locked yet while whole tables are read.
        return sorted(self.pieces, key=lambda piece: not piece.scans)


def lay_out(tasks: Sequence[Task]) -> list[Part]:
    """Return the revisions to write; ``tasks`` are in an order in which they can run."""
    # What needs no revision of its own comes first where nothing speaks against it.
    parts = [Part(alone=False)]
    ends: list[int] = []
    for task in tasks:
        earliest = max((ends[n] for n in task.after), default=0)
        for piece in task.pieces:
            earliest = _place(piece, earliest + piece.later, parts)
            parts[earliest].pieces.append(piece)
            if task.identity not in parts[earliest].identities:
                parts[earliest].identities.append(task.identity)
        ends.append(earliest)
    return [part for part in parts if part.pieces] or parts


def _place(piece: Piece, earliest: int, parts: list[Part]) -> int:
    """Return the position of the first revision that can hold ``piece``, a new one if need be."""
    if not piece.alone:
        for n in range(earliest, len(parts)):
            if not parts[n].alone:
                return n
    parts.append(Part(piece.alone))
    return len(parts) - 1
