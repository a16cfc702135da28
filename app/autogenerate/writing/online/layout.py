"""Laying the steps out over as few revisions as their transactions allow.

An object that goes and comes again is one task. Its form cuts it into pieces, and each piece goes
to the first revision that can hold it and that comes after all that must be done before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from alembic.operations import ops

from ....catalog.identity import Identity
from ...changes import Changes
from ...changes.order import edges
from ...changes.sql import Statement
from .forms import is_online, pieces_of
from .pieces import Piece

# Replaced at one stroke; another unique constraint of the same name has to wait for the old one.
_AT_ONE_STROKE = {"index", "check constraint", "foreign key"}


@dataclass(frozen=True)
class Task:
    """The pieces of a change, and the positions of the tasks that must be done before it."""

    identity: Identity
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
    # What needs no revision of its own comes first where nothing speaks against it.
    parts = [Part(alone=False)]
    ends: list[int] = []
    for task in _tasks(changes):
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


def _tasks(changes: Changes) -> list[Task]:
    """Return the steps of ``changes`` as tasks, in the same order."""
    steps = changes.steps
    before: dict[int, set[int]] = {n: set() for n in range(len(steps))}
    after: dict[int, set[int]] = {n: set() for n in range(len(steps))}
    for earlier, later in edges(steps, changes.found_dependencies, changes.expected_dependencies):
        if earlier != later:
            before[later].add(earlier)
            after[earlier].add(later)
    drops = {step.identity: n for n, step in enumerate(steps) if step.goes}
    # By the position of what comes, that of what goes at the same stroke.
    replaced = {
        n: drops[step.identity]
        for n, step in enumerate(steps)
        if not step.goes
        and step.identity.kind in _AT_ONE_STROKE
        and step.identity in drops
        and after[drops[step.identity]] <= {n}
        and is_online(step, changes)
        and is_online(steps[drops[step.identity]], changes)
    }
    tasks: list[Task] = []
    positions: dict[int, int] = {}
    for n, step in enumerate(steps):
        if n in replaced.values():
            continue
        positions[n] = len(tasks)
        drop = steps[replaced[n]] if n in replaced else step if step.goes else None
        create = None if step.goes else step
        wanted = before[n] | before[replaced.get(n, n)]
        done = {positions[each] for each in wanted if each in positions}
        tasks.append(Task(step.identity, pieces_of(drop, create, changes), done))
    return tasks
