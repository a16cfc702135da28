"""What a reviewer must look at in a written revision: data that is lost or stands in the way."""

from collections.abc import Collection
from textwrap import fill

from sqlalchemy import Integer, Numeric, SmallInteger, String, Text
from sqlalchemy.types import TypeEngine

from ...catalog.identity import Identity
from ..changes.comparison import Comparison
from ..changes.plan import Action
from .online.forms import blocks

WIDTH = 98
_MISSED = {"index": "queries do without it", "unique constraint": "duplicates may come in"}


def points_to_review(comparison: Comparison, identities: Collection[Identity]) -> list[str]:
    """Return what is to be looked at in the steps for ``identities``: list items, with line ends.

    That is what loses data, fails on rows that do not fit, or makes the application wait.
    """
    points: list[str] = []
    for step in comparison.steps:
        if step.identity not in identities:
            continue
        identity, (kind, table, name) = step.identity, step.identity
        before, after = comparison.sides.before, comparison.sides.after
        if step.goes and kind == "table":
            points.append(f"drops table {name} with all its rows; downgrade restores it empty")
        elif step.goes and kind == "column":
            again = identity in after
            generated = Identity("generated expression", table, name)
            if not (again and generated in before and generated in after):
                points.append(
                    f"drops column {table}.{name} with its data; downgrade restores it empty"
                )
        elif step.goes and kind == "sequence":
            points.append(f"drops sequence {name}; downgrade starts it anew")
        elif step.changes and kind == "column":
            if _narrows(comparison, identity):
                points.append(
                    f"changes {table}.{name} from {before[identity]} to {after[identity]}: "
                    "rows that do not fit make it fail or lose digits"
                )
        elif step.changes and kind == "type":
            points.append(f"changes type {name}: rows with a value that is gone make it fail")
        elif kind == "not null" and not step.goes:
            points.append(f"sets {table}.{name} NOT NULL: fails while a row has NULL there")
        elif blocks(step, comparison):
            points.append(
                f"adds {identity}: readers and writers of the table wait while its index is built"
            )
        elif kind in _MISSED and not step.goes and identity in before and identity in after:
            points.append(f"makes {kind} {name} anew: {_MISSED[kind]} until it is there again")
        if kind == "column" and not step.goes and not step.changes:
            points += _new_column(comparison, identity)
    return [
        fill(point, WIDTH, initial_indent="- ", subsequent_indent="  ") for point in sorted(points)
    ]


def _new_column(comparison: Comparison, identity: Identity) -> list[str]:
    _, table, name = identity
    after = comparison.sides.after

    def has(kind: str) -> bool:
        return Identity(kind, table, name) in after

    filled = has("default") or has("identity") or has("generated expression")
    if not has("not null") or filled:
        return []
    return [f"adds {table}.{name} NOT NULL without a default: fails on a table with rows"]


def _narrows(comparison: Comparison, identity: Identity) -> bool:
    if comparison.plan.actions.get(identity) is not Action.CHANGE:
        return False
    table, name = identity.table or "", identity.name
    old = comparison.sides.type_before(table, name)
    new = comparison.sides.type_after(table, name)
    return old is None or new is None or not _holds(new, old)


def _holds(new: TypeEngine[object], old: TypeEngine[object]) -> bool:
    """Return whether every value of ``old`` is one of ``new``, as far as types tell."""
    match old, new:
        case String(), Text():
            return True
        case String(), String():
            return new.length is None or (old.length is not None and old.length <= new.length)
        case SmallInteger(), Integer():
            return True
        case Integer(), Integer():
            return not isinstance(new, SmallInteger)
        case Numeric(precision=int(p), scale=int(s)), Numeric(precision=int(q), scale=int(t)):
            return s <= t and p - s <= q - t
        case Numeric(), Numeric():
            return new.precision is None
    return False
