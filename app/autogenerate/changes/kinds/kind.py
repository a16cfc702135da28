"""What a comparator knows of its kind of object: how one comes, goes and changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from alembic.operations.ops import MigrateOperation
from sqlalchemy.types import TypeEngine

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..models import Models

TypeOf = Callable[[str, str], TypeEngine[object] | None]
"""Gives the type of a column, by table and name; None where SQLAlchemy has none for it."""


@dataclass(frozen=True)
class Sides:
    """The two sides of a change, and what is known of each."""

    before: Snapshot
    after: Snapshot
    type_before: TypeOf
    type_after: TypeOf
    models: Models
    recast: frozenset[Identity]
    """Columns that PostgreSQL does not convert to their other type by itself."""
    unbreakable: frozenset[Identity]
    """CHECKs of ``after`` that no row of ``before`` can break."""
    unbreakable_before: frozenset[Identity]
    """CHECKs of ``before`` that no row of ``after`` can break."""

    def reversed(self) -> "Sides":
        """Return the sides of the way back."""
        return replace(
            self,
            before=self.after,
            after=self.before,
            type_before=self.type_after,
            type_after=self.type_before,
            unbreakable=self.unbreakable_before,
            unbreakable_before=self.unbreakable,
        )

    def ending_without(self, identity: Identity) -> "Sides":
        """Return the same with ``identity`` gone at the end."""
        if identity not in self.after:
            return self
        return replace(self, after={k: v for k, v in self.after.items() if k != identity})


Statements = Callable[[Identity, Snapshot], list[str]]
Operation = Callable[[Identity, Sides], MigrateOperation | None]


def _never(_identity: Identity, _sides: object, _after: object = None) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """How objects of one kind are created, dropped and changed.

    ``create`` and ``drop`` give SQL from the definitions of a snapshot; ``change`` gives SQL that
    turns the definition in the first snapshot into that in the second in place, or None where the
    object has to be replaced. ``refuse`` explains why a difference cannot be mended, if so.

    The operations are Alembic's own, for readable scripts, or None where SQL says it better:
    ``create_op`` builds from the models, ``drop_op`` from the name; ``alter_op`` goes from one side
    to the other whether the object is on both or on one, and works in both directions.
    """

    create: Statements
    drop: Statements
    change: Callable[[Identity, Snapshot, Snapshot], list[str] | None] = _never
    create_op: Operation = _never
    drop_op: Operation = _never
    alter_op: Operation = _never
    refuse: Callable[[Identity, Snapshot, Snapshot], str | None] = _never


Kinds = Mapping[str, Kind]
