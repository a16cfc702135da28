"""What the foreign keys do when a row is deleted: a walk along them, from parent to child."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import ForeignKey, Table

from .incomplete import IncompleteError


class Outcome(Enum):
    """What becomes of a row when the row it refers to is deleted."""

    DELETED = "the row is deleted"
    KEPT = "the row stays, the column becomes NULL"
    RESET = "the row stays, the column gets its default"
    REFUSED = "the deletion is refused as long as there is such a row"


_OUTCOMES = {
    "CASCADE": Outcome.DELETED,
    "SET NULL": Outcome.KEPT,
    "SET DEFAULT": Outcome.RESET,
}


@dataclass(frozen=True)
class Effect:
    """What happens to the rows of ``table`` whose ``column`` refers to a deleted ``parent``.

    ``referenced`` is the column of ``parent`` that it refers to.
    """

    table: str
    column: str
    parent: str
    referenced: str
    outcome: Outcome


def effects_of_deleting(
    root: Table,
    tables: Sequence[Table],
    followed: Collection[Outcome] = (Outcome.DELETED,),
) -> tuple[Effect, ...]:
    """Return all that a DELETE of a row of ``root`` sets off, in the order of ``tables``.

    What becomes of the children of a row is told where its own outcome is one of ``followed``.

    Raises:
        IncompleteError: a foreign key has several columns.
    """
    keys = [_effect(key) for table in tables for key in _keys_of(table)]
    deleted = [root.name]
    effects: list[Effect] = []
    for parent in deleted:  # which grows on the way
        for effect in keys:
            if effect.parent == parent:
                effects.append(effect)
                if effect.outcome in followed and effect.table not in deleted:
                    deleted.append(effect.table)
    order = [table.name for table in tables]
    return tuple(sorted(effects, key=lambda effect: order.index(effect.table)))


def _keys_of(table: Table) -> Iterator[ForeignKey]:
    for column in table.columns:
        yield from sorted(column.foreign_keys, key=lambda key: key.target_fullname)


def _effect(key: ForeignKey) -> Effect:
    if key.constraint is None or len(key.constraint.elements) != 1:
        raise IncompleteError(
            f"The foreign key of {key.parent.table.name}.{key.parent.name} has several columns, "
            "and app/reference/deletion.py does not know what follows from it."
        )
    outcome = _OUTCOMES.get((key.ondelete or "").upper(), Outcome.REFUSED)
    return Effect(
        key.parent.table.name, key.parent.name, key.column.table.name, key.column.name, outcome
    )
