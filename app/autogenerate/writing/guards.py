"""Guards: what the rows are asked before the rules come that a chain of revisions brings.

They stand before the first change of the chain. What asks about something that the chain makes
itself stands at the beginning of the revision behind, where its rule is validated: whatever fills
it fits between.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from alembic.operations import ops
from alembic.operations.ops import MigrateOperation

from ...catalog.definitions import UNCHECKED
from ...catalog.identity import Identity
from ...catalog.misfits import Needed
from ...plan.conversions import Conversion
from ...plan.guards import guard_of
from ...revisions.guards import GuardOp
from ..changes import Changes
from ..changes.sides import Sides, without_collation
from ..changes.sql import Statement, quote
from .online.layout import Part
from .review import narrows

_ENUM, _USING, _PRIMARY_KEY = "AS ENUM ", " USING ", "PRIMARY KEY ("


@dataclass
class Guards:
    """The guards at the beginning of one revision's upgrade, and of its downgrade."""

    up: list[GuardOp] = field(default_factory=list)
    down: list[GuardOp] = field(default_factory=list)


def guards_for(changes: Changes, parts: Sequence[Part]) -> list[Guards]:
    """Return the guards of each of ``parts``, which make ``changes``."""
    guards = [Guards() for _ in parts]
    places = [set(part.identities) for part in parts]
    for at, op in _placed(changes, changes.sides, changes.asked, places):
        guards[at].up.append(op)
    # The way down begins with the last revision.
    for at, op in _placed(changes, changes.sides.reversed(), changes.asked_back, places[::-1]):
        guards[-1 - at].down.append(op)
    return guards


def _placed(
    changes: Changes, sides: Sides, asked: Sequence[Needed], places: Sequence[Collection[Identity]]
) -> Iterator[tuple[int, GuardOp]]:
    """Yield each guard of one way with the position of its revision on this way."""
    raw = changes.drift.found if sides is changes.sides else changes.drift.expected
    for needed in asked:
        question = needed.question
        is_there = sides.before.get(question.rule) == sides.after.get(question.rule)
        if is_there or sides.after.get(question.rule, "").endswith(UNCHECKED):
            continue
        at = 0 if needed.at_once else _behind_what_comes(question.rule, places)
        if at is not None and question.find is not None:
            yield at, guard_of(question)
    for step in changes.steps:
        # What is renamed, too, has another name when the rows are asked.
        if not step.changes or step.identity.kind != "column" or step.identity not in raw:
            continue
        if narrows(sides, step.identity):
            operations = step.forward if sides is changes.sides else step.backward
            op = _conversion(changes, sides, step.identity, _using(step.identity, operations))
            if op is not None:
                yield 0, op


def _behind_what_comes(rule: Identity, places: Sequence[Collection[Identity]]) -> int | None:
    """Return the first revision behind that in which columns or tables of its table come.

    None if the rule comes with them: there is no row then that it could ask about.
    """
    behind = [
        n
        for n, identities in enumerate(places)
        if any(
            (each.kind == "column" and each.table == rule.table) or each.kind in ("table", "type")
            for each in identities
        )
    ]
    first = behind[0] + 1 if behind else 1
    return next((n for n in range(first, len(places)) if rule in places[n]), None)


def _conversion(changes: Changes, sides: Sides, column: Identity, using: str) -> GuardOp | None:
    """Return the guard for the rows of a column that gets another type by ``using``.

    A type that comes with the revision, or changes, cannot be tried; the values of an enum are
    known.
    """
    table, name = quote(column.table or ""), quote(column.name)
    old, new = (without_collation(side[column]) for side in (sides.before, sides.after))
    key = _key(column.table or "", sides)
    coming = [
        each
        for each in changes.decisions.actions
        if each.kind in ("type", "domain") and quote(each.name) in new
    ]
    if not coming:
        return Conversion(column, table, name, old, new, using).guard(key)
    values = sides.after.get(coming[0], "")
    if not values.startswith(_ENUM) or quote(coming[0].name) != new:
        return None
    return GuardOp(
        str(column),
        f"rows of {table} whose {using} is no {new}",
        f"SELECT {key} AS key FROM {table} "  # noqa: S608
        f"WHERE {name}::text NOT IN {values.removeprefix(_ENUM)}",
        "Change these rows so that it is one",
    )


def _using(column: Identity, operations: Sequence[MigrateOperation]) -> str:
    """Return what the new values of ``column`` are made of by ``operations``."""
    for op in operations:
        if isinstance(op, ops.AlterColumnOp):
            return str(op.kw.get("postgresql_using") or quote(column.name))
        if isinstance(op, Statement) and _USING in op.sqltext:
            return op.sqltext.partition(_USING)[2]
    return quote(column.name)


def _key(table: str, sides: Sides) -> str:
    """Return an expression for the key of the rows that are there."""
    for identity, definition in sides.before.items():
        if identity.kind == "primary key" and identity.table == table:
            columns = definition.removeprefix(_PRIMARY_KEY).removesuffix(")")
            if ")" not in columns:
                return f"ROW({columns})" if "," in columns else columns
    return "ctid"
