"""What is known of one kind of object: how one comes, goes and changes."""

from collections.abc import Callable
from dataclasses import dataclass

from alembic.operations.ops import MigrateOperation

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..models import Models
from ..sides import Sides

Statements = Callable[[Identity, Snapshot], list[str]]


def _never(*_: object) -> None:
    return None


def _nothing(*_: object) -> set[Identity]:
    return set()


@dataclass(frozen=True)
class Kind:
    """How objects of one kind are created, dropped and changed.

    ``create`` and ``drop`` give SQL from the definitions of a snapshot; ``change`` gives SQL that
    turns the definition in the first snapshot into that in the second in place, or None where the
    object has to be replaced. ``refuse`` explains why a difference cannot be mended, if so.

    ``operation`` gives Alembic's own operation from one side to the other, for readable scripts,
    whether the object is on both or on one; None where SQL says it better.

    ``within`` gives what comes with the object when it is created and needs no statement of its
    own: by ``create``, or by ``operation`` where the models are given.
    """

    create: Statements
    drop: Statements
    change: Callable[[Identity, Snapshot, Snapshot], list[str] | None] = _never
    refuse: Callable[[Identity, Snapshot, Snapshot], str | None] = _never
    operation: Callable[[Identity, Sides], MigrateOperation | None] = _never
    within: Callable[[Identity, Snapshot, Models | None], set[Identity]] = _nothing
