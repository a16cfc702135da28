"""What the foreign keys do when a row is deleted: a walk along them, from parent to child."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import ForeignKey

from .schema import models, parent_of


class Outcome(Enum):
    """What becomes of a row when the row it refers to is deleted."""

    DELETED = "the row is deleted"
    KEPT = "the row stays, the column becomes NULL"
    REFUSED = "the deletion is refused as long as there is such a row"


_OUTCOMES = {"CASCADE": Outcome.DELETED, "SET NULL": Outcome.KEPT}


@dataclass(frozen=True)
class Effect:
    """What happens to the rows of ``table`` whose ``column`` refers to a deleted ``parent``."""

    table: str
    column: str
    parent: str
    outcome: Outcome


def effects_of_deleting(root: str) -> tuple[Effect, ...]:
    """Return all that a DELETE of a row of ``root`` sets off, in the documents' order of tables."""
    deleted = [root]
    effects: list[Effect] = []
    for parent in deleted:  # which grows on the way
        for effect in map(_effect, _keys_to(parent)):
            effects.append(effect)
            if effect.outcome is Outcome.DELETED and effect.table not in deleted:
                deleted.append(effect.table)
    order = [model.name for model in models()]
    return tuple(sorted(effects, key=lambda effect: order.index(effect.table)))


def rows_reached(root: str, table: str, value: str) -> str | None:
    """Return the SQL condition for the rows of ``table`` that belong to one row of ``root``.

    They refer to it themselves, or to a row that is deleted with it. ``value`` is the SQL of its
    id. None where ``table`` has no such rows.
    """
    if table == root:
        return f"id = {value}"
    conditions = []
    for effect in effects_of_deleting(root):
        if effect.table != table:
            continue
        if effect.parent == root:
            conditions.append(f"{effect.column} = {value}")
        elif effect.outcome is Outcome.DELETED:
            parents = rows_reached(root, effect.parent, value)
            subquery = f"SELECT id FROM {effect.parent} WHERE {parents}"  # noqa: S608
            conditions.append(f"{effect.column} IN ({subquery})")
    return " OR ".join(conditions) or None


def _keys_to(parent: str) -> Iterator[ForeignKey]:
    return (key for model in models() for key in model.foreign_keys if parent_of(key) == parent)


def _effect(key: ForeignKey) -> Effect:
    outcome = _OUTCOMES.get(key.ondelete or "", Outcome.REFUSED)
    return Effect(key.parent.table.name, key.parent.name, parent_of(key), outcome)
