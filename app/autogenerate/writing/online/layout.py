"""Laying the steps out over as few revisions as their transactions allow.

An object that goes and comes again is one task. Its form cuts it into pieces, and each piece goes
to the first revision that can hold it and that comes after all that must be done before. What is
taken away goes last of all, so that whatever moves the rows over fits between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from alembic.operations import ops

from ....catalog.identity import Identity
from ...changes import Changes
from ...changes.sql import Statement
from .forms import pieces_of, pieces_of_knot
from .groups import groups
from .pieces import Piece


@dataclass(frozen=True)
class Task:
    """The pieces of a change, and the positions of the tasks that must be done before it."""

    identities: Sequence[Identity]
    pieces: Sequence[Piece]
    after: set[int] = field(default_factory=set)


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
        if all(piece.removes for piece in self.pieces):
            return "remove"
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


def lay_out(changes: Changes) -> list[Part]:
    """Return what each of the revisions holds that make ``changes``, in the order they run."""
    tasks = _tasks(changes)
    kept = _needed_early(tasks)
    # What needs no revision of its own comes first where nothing speaks against it.
    parts = [Part(alone=False)]
    ends = [0] * len(tasks)
    for removing in (False, True):
        start = len(parts) if removing and any(part.pieces for part in parts) else 0
        for n, task in enumerate(tasks):
            pieces = [each for each in task.pieces if _comes_last(each, n, kept) is removing]
            if not pieces:
                continue
            ends[n] = earliest = max([start, ends[n], *(ends[each] for each in task.after)])
            for piece in pieces:
                earliest = ends[n] = _place(piece, earliest + piece.later, parts)
                parts[earliest].pieces.append(piece)
                there = parts[earliest].identities
                there += [each for each in task.identities if each not in there]
    return [part for part in parts if part.pieces] or parts


def _needed_early(tasks: Sequence[Task]) -> set[int]:
    """Return the positions of tasks whose removals something else waits for."""
    early: set[int] = set()
    for n in reversed(range(len(tasks))):
        if n in early or not all(piece.removes for piece in tasks[n].pieces):
            early.update(tasks[n].after)
    return early


def _comes_last(piece: Piece, position: int, early: set[int]) -> bool:
    return piece.removes and position not in early


def _place(piece: Piece, earliest: int, parts: list[Part]) -> int:
    """Return the position of the first revision that can hold ``piece``, a new one if need be."""
    if not piece.alone:
        for n in range(earliest, len(parts)):
            if not parts[n].alone:
                return n
    parts.append(Part(piece.alone))
    return len(parts) - 1


def _tasks(changes: Changes) -> list[Task]:
    """Return the steps of ``changes`` as tasks, in an order in which they can be done."""
    tasks: list[Task] = []
    position: dict[int, int] = {}
    for group, needs in groups(changes):
        position.update(dict.fromkeys(group, len(tasks)))
        steps = [changes.steps[n] for n in group]
        identities = list(dict.fromkeys(step.identity for step in steps))
        if len(identities) > 1:
            pieces: Sequence[Piece] = pieces_of_knot(steps, changes)
        else:
            drop = next((step for step in steps if step.goes), None)
            create = next((step for step in steps if not step.goes), None)
            pieces = pieces_of(drop, create, changes)
        tasks.append(Task(identities, pieces, {position[n] for n in needs}))
    return tasks


def without_gap(changes: Changes) -> set[Identity]:
    """Return the objects that are replaced while the old one still stands."""
    return {changes.steps[n].identity for group, _ in groups(changes) for n in group[1:]}
