"""What a reviewer must look at in a written revision: the hazards of both its ways."""

from collections.abc import Collection, Iterator
from textwrap import fill

from sqlalchemy import BigInteger, Integer, Numeric, SmallInteger, String
from sqlalchemy.types import TypeEngine

from ...catalog.identity import Identity
from ...revisions.hazards import Hazard, Stake
from ..changes import Changes
from ..changes.kinds.enums import only_adds
from ..changes.models import database_type
from ..changes.sides import Sides, without_collation
from ..changes.steps import Step
from .online.forms import blocks

WIDTH = 98
Found = tuple[Hazard, dict[str, object]]

_REPLACED = {"index": Hazard.INDEX_REPLACED, "unique constraint": Hazard.UNIQUE_REPLACED}
_ADDED = {
    "check constraint": Hazard.RULE_ADDED,
    "domain constraint": Hazard.RULE_ADDED,
    "exclusion constraint": Hazard.RULE_ADDED,
    "foreign key": Hazard.FOREIGN_KEY_ADDED,
    "primary key": Hazard.UNIQUE_ADDED,
    "unique constraint": Hazard.UNIQUE_ADDED,
}
_ROUTINES = ("function", "procedure")
_GRANTED = ("aggregate", "function", "materialized view", "procedure", "sequence", "view")
_FILLED = ("default", "identity", "generated expression")
# The way down is rarely run, and then in need: what it locks meanwhile matters less.
_DOWN = (Stake.DATA, Stake.MISFITS, Stake.ACCESS)


def points_to_review(
    changes: Changes, identities: Collection[Identity], gapless: Collection[Identity]
) -> list[str]:
    """Return what is to be looked at in the steps for ``identities``: list items, with line ends.

    That is what loses data, fails on rows that do not fit, makes the application wait, or changes
    who may do what; of the way down all but the waiting. ``gapless`` are replaced while the old one
    still stands.
    """
    up, down = (
        _Way(changes, sides, gapless) for sides in (changes.sides, changes.sides.reversed())
    )
    points: dict[str, str] = {}
    for step in changes.steps:
        if step.identity not in identities:
            continue
        for hazard, names in up.hazards(step, goes=step.goes):
            points[hazard.tell(names)] = hazard.fix
        for hazard, names in down.hazards(step, goes=not step.goes and not step.changes):
            if hazard.stake in _DOWN:
                points[hazard.tell(names, down=True)] = hazard.fix
    return [_item(point, fix) for point, fix in sorted(points.items())]


def _item(point: str, fix: str) -> str:
    return "\n".join(
        (
            fill(point, WIDTH, initial_indent="- ", subsequent_indent="  "),
            fill(f"{fix}.", WIDTH, initial_indent="  ", subsequent_indent="  "),
        )
    )


class _Way:
    """One way of a revision, up or down."""

    def __init__(self, changes: Changes, sides: Sides, gapless: Collection[Identity]) -> None:
        self._changes = changes
        self._gapless = gapless
        self._sides = sides
        self._forward = sides is changes.sides

    def hazards(self, step: Step, *, goes: bool) -> Iterator[Found]:
        """Yield the hazards of ``step`` on this way, on which its object goes or does not."""
        kind, table, name = identity = step.identity
        if step.changes:
            yield from self._changed(identity)
        elif goes:
            yield from self._gone(identity)
        elif kind == "column":
            yield from self._new_column(identity)
        elif kind == "not null":
            if not self._is_new(Identity("column", table, name)):
                yield Hazard.NOT_NULL_SET, {"name": f"{table}.{name}"}
        else:
            yield from self._opened(identity)
            if self._forward and blocks(step, self._changes):
                excludes = kind == "exclusion constraint"
                hazard = Hazard.EXCLUSION_BLOCKS if excludes else Hazard.INDEX_BLOCKS
                yield hazard, {"name": identity}
            elif kind in _REPLACED and self._has_gap(identity):
                yield _REPLACED[kind], {"name": f"{kind} {name}"}
            if (rule := self._rule(identity)) and not self._fits(identity):
                yield rule, {"name": identity}

    def _opened(self, identity: Identity) -> Iterator[Found]:
        """Yield what becomes of privileges where an object is made, or made anew."""
        if identity.kind in _GRANTED and identity in self._sides.before:
            yield Hazard.PRIVILEGES_LOST, {"name": identity}
        elif identity.kind in _ROUTINES:
            _, _, attributes = self._sides.after[identity].partition("\nLANGUAGE ")
            if " SECURITY DEFINER" in attributes.partition("\n")[0]:
                yield Hazard.OPEN_TO_ALL, {"name": identity}

    def _gone(self, identity: Identity) -> Iterator[Found]:
        kind, table, name = identity
        if kind == "table":
            yield Hazard.TABLE_DROPPED, {"name": name}
        elif kind == "sequence":
            yield Hazard.SEQUENCE_DROPPED, {"name": name}
        elif kind == "column" and not self._is_computed(identity):
            yield Hazard.COLUMN_DROPPED, {"name": f"{table}.{name}"}

    def _changed(self, identity: Identity) -> Iterator[Found]:
        kind, table, name = identity
        if kind == "column" and narrows(self._sides, identity):
            old, new = self._sides.before[identity], self._sides.after[identity]
            yield Hazard.TYPE_NARROWED, {"name": f"{table}.{name}", "old": old, "new": new}
        elif kind == "type" and not only_adds(
            self._sides.before[identity], self._sides.after[identity]
        ):
            yield Hazard.VALUE_REMOVED, {"name": name}

    def _new_column(self, identity: Identity) -> Iterator[Found]:
        _, table, name = identity
        after = self._sides.after
        if Identity("not null", table, name) in after and not self._is_filled(identity):
            yield Hazard.REQUIRED_COLUMN_ADDED, {"name": f"{table}.{name}"}

    def _rule(self, identity: Identity) -> Hazard | None:
        if identity.kind == "index" and self._sides.after[identity].startswith("UNIQUE "):
            return Hazard.UNIQUE_ADDED
        return _ADDED.get(identity.kind)

    def _fits(self, identity: Identity) -> bool:
        """Tell whether every row there can be fits the rule, as far as the catalog tells."""
        table = Identity("table", None, identity.table or "")
        if identity.kind != "domain constraint" and table not in self._sides.before:
            return True
        if identity in self._sides.unbreakable:
            return True
        changes = self._changes
        dependencies = (
            changes.expected_dependencies if self._forward else changes.found_dependencies
        )
        columns = [
            each
            for each in dependencies.get(identity, ())
            if each.kind == "column" and each.table == identity.table
        ]
        if self._sides.before.get(identity) == self._sides.after[identity] and any(
            column in self._sides.kept for column in columns
        ):
            return True
        return bool(columns) and all(
            self._is_new(column) and not self._is_filled(column) for column in columns
        )

    def _is_new(self, column: Identity) -> bool:
        decisions = self._changes.decisions
        return decisions.comes(column) if self._forward else decisions.goes(column)

    def _is_filled(self, column: Identity) -> bool:
        return any(
            Identity(kind, column.table, column.name) in self._sides.after for kind in _FILLED
        )

    def _is_computed(self, column: Identity) -> bool:
        """Tell whether a column is made anew and computed on both sides: nothing is lost."""
        generated = Identity("generated expression", column.table, column.name)
        return generated in self._sides.before and generated in self._sides.after

    def _has_gap(self, identity: Identity) -> bool:
        """Tell whether the old object goes before the new one is there."""
        replaced = identity in self._sides.before and identity in self._sides.after
        return replaced and identity not in self._gapless


def narrows(sides: Sides, column: Identity) -> bool:
    """Tell whether ``column`` changes to a type that may not take every value it had.

    PostgreSQL tells it of types as such; what their lengths are for is added here.
    """
    if column not in sides.before or column not in sides.after:
        return False
    if (without_collation(sides.before[column]), without_collation(sides.after[column])) in (
        sides.fitting
    ):
        return False
    table, name = column.table or "", column.name
    old, new = sides.type_before(table, name), sides.type_after(table, name)
    return old is None or new is None or not _holds(database_type(new), database_type(old))


def _digits(type_: Integer) -> int:
    """Return how many decimal digits the largest values of an integer type have."""
    if isinstance(type_, SmallInteger):
        return 5
    return 19 if isinstance(type_, BigInteger) else 10


def _holds(new: TypeEngine[object], old: TypeEngine[object]) -> bool:
    """Return whether ``new`` is as long as it has to be for every value of ``old``."""
    match old, new:
        case String(length=int(found)), String(length=int(wanted)):
            return found <= wanted
        case Integer(), String(length=int(wanted)):
            return _digits(old) < wanted  # with a sign
        case Integer(), Numeric(precision=int(p)):
            return _digits(old) <= p - (new.scale or 0)
        case Numeric(precision=int(p), scale=int(s)), Numeric(precision=int(q), scale=int(t)):
            return s <= t and p - s <= q - t
    return False
