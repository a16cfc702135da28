"""Deciding what is to be done: which objects come, go, change in place or must be made anew.

What depends on an object that goes has to go before it, and come again after it if the models
still have it. PostgreSQL's own record of dependencies says what that is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ...catalog.definitions import of_owner
from ...catalog.dependencies import Dependencies
from ...catalog.differences import Difference
from ...catalog.identity import Identity
from .kinds import KINDS
from .kinds.enums import Remade, only_adds, parts_of
from .sides import Sides


class Action(Enum):
    """What happens to an object."""

    CREATE = "create"
    DROP = "drop"
    CHANGE = "change"
    REPLACE = "replace"


# What stands in the way of changing the type of a column; what PostgreSQL rebuilds by itself
# (indexes, CHECK constraints) does not. To another type, these too; and where nothing else takes
# time, what PostgreSQL checks against all rows under the strongest lock.
_HINDERS_TYPE_CHANGE = {
    "view",
    "materialized view",
    "rule",
    "policy",
    "trigger",
    "function",
    "procedure",
    "generated expression",
}
_HINDERS_RECAST = {"default", "foreign key"}
_HINDERS_HASTE = {"check constraint"}
# Objects that hold data: they never go because something else does.
_HOLDS_DATA = {"table", "column", "sequence"}
# What an ALTER TABLE does to the tables that inherit as well.
INHERITED = {"column", "not null", "default", "check constraint", "generated expression"}
# Objects that get statements of their own although they vanish with their table or sequence:
# without, circular foreign keys and serial columns could not be undone.
INDEPENDENT = {"foreign key", "sequence owner"}


@dataclass(frozen=True)
class Decisions:
    """What is to be done with which object, and what cannot be done."""

    actions: dict[Identity, Action]
    refusals: dict[Identity, str]
    heirs: dict[Identity, list[Identity]]
    """What tables have by inheritance, by what it comes, goes or changes with."""
    remade: dict[Identity, Remade]
    """What is made anew with each enum that loses a value, or gets another order."""

    def goes(self, identity: Identity) -> bool:
        """Return whether the object that is there now is dropped."""
        return self.actions.get(identity) in (Action.DROP, Action.REPLACE)

    def comes(self, identity: Identity) -> bool:
        """Return whether the object is created."""
        return self.actions.get(identity) in (Action.CREATE, Action.REPLACE)

    def goes_with_owner(self, identity: Identity) -> bool:
        """Return whether the object vanishes with its owner and needs no statement of its own."""
        return identity.kind not in INDEPENDENT and any(map(self.goes, identity.owners))

    def comes_with_owner(self, identity: Identity) -> bool:
        """Return whether the owner is created too, and takes the object along on the way back."""
        return identity.kind not in INDEPENDENT and any(map(self.comes, identity.owners))


def decide(
    differences: Sequence[Difference], sides: Sides, found: Dependencies, expected: Dependencies
) -> Decisions:
    """Return what turns one of ``sides`` into the other.

    ``found`` and ``expected`` are the dependencies of the live schema and of the models.
    """
    decisions = Decisions({}, {}, {}, {})
    for difference in differences:
        identity = difference.identity
        kind = KINDS[identity.kind]
        refusal = kind.refuse(identity, sides.before, sides.after)
        if refusal is not None:
            decisions.refusals[identity] = refusal
        elif difference.found is None:
            decisions.actions[identity] = Action.CREATE
        elif difference.expected is None:
            decisions.actions[identity] = Action.DROP
        elif kind.change(identity, sides.before, sides.after) is not None:
            decisions.actions[identity] = Action.CHANGE
        else:
            decisions.actions[identity] = Action.REPLACE
    _replace_generated_columns(decisions, sides)
    dependents = _dependents(found)
    for identity, action in list(decisions.actions.items()):
        if (
            identity.kind == "type"
            and action is Action.CHANGE
            and not only_adds(sides.before[identity], sides.after[identity])
        ):
            _remake(identity, decisions, sides, dependents, expected)
    _follow_dependencies(decisions, sides, dependents)
    _leave_to_ancestors(decisions, sides, found, expected)
    return decisions


def _leave_to_ancestors(
    decisions: Decisions, sides: Sides, found: Dependencies, expected: Dependencies
) -> None:
    """Leave out what an ancestor does to its heirs by itself."""
    for identity, action in list(decisions.actions.items()):
        if identity.table is None or identity.kind not in INHERITED:
            continue
        table = Identity("table", None, identity.table)
        ancestors = [
            each._replace(kind=identity.kind, table=each.name, name=identity.name)
            for each in found.get(table, set()) & expected.get(table, set())
            if each.kind == "table"
        ]
        for ancestor in ancestors:
            # Two that go in different ways, or end differently, are no longer one.
            if decisions.actions.get(ancestor) is action and sides.after.get(
                ancestor
            ) == sides.after.get(identity):
                decisions.heirs.setdefault(ancestor, []).append(identity)
                break
    for heirs in decisions.heirs.values():
        for heir in heirs:
            # Those that inherit from heirs follow, and each has to be told.
            heirs += [each for each in decisions.heirs.get(heir, ()) if each not in heirs]
            left: Action | None = decisions.actions.pop(heir, None)
            for part in {*of_owner(sides.before, heir), *of_owner(sides.after, heir)}:
                # A comment is the heir's own, and goes with what it is on.
                if not part.kind.endswith("comment") or left is Action.DROP:
                    decisions.actions.pop(part, None)


def _replace_generated_columns(decisions: Decisions, sides: Sides) -> None:
    """Make a column anew if its generated expression comes or changes."""
    for identity in list(decisions.actions):
        column = Identity("column", identity.table, identity.name)
        if (
            identity.kind == "generated expression"
            and identity in sides.after
            and column in sides.before
            and column in sides.after
        ):
            decisions.actions[column] = Action.REPLACE


Dependents = Mapping[Identity, set[Identity]]


def _dependents(dependencies: Dependencies) -> Dependents:
    dependents: defaultdict[Identity, set[Identity]] = defaultdict(set)
    for dependent, references in dependencies.items():
        for referenced in references:
            dependents[referenced].add(dependent)
    return dependents


def _remake(
    identity: Identity,
    decisions: Decisions,
    sides: Sides,
    dependents: Dependents,
    expected: Dependencies,
) -> None:
    """Have an enum made anew, what stores it converted, and take all else down that needs it."""
    actions, types, columns = decisions.actions, [identity], list[Identity]()
    for type_ in types:
        for part in {*parts_of(type_, sides.before), *parts_of(type_, sides.after)}:
            actions.pop(part, None)
        for each in sorted(dependents[type_]):
            if each.kind in ("type", "domain") and each in sides.after and each not in types:
                types.append(each)
                actions.pop(each, None)
                decisions.refusals.pop(each, None)
    made = {each for type_ in types for each in (type_, *parts_of(type_, sides.before))}
    for dependent in sorted({each for type_ in types for each in dependents[type_]} - made):
        if dependent.kind != "column":
            _take_down(dependent, decisions, sides)
        elif dependent in sides.after and not decisions.goes(dependent):
            generated = dependent._replace(kind="generated expression")
            if generated in sides.before or generated in sides.after:
                actions[dependent] = Action.REPLACE
            elif not expected.get(dependent, set()).isdisjoint(types):
                actions.pop(dependent, None)
                columns.append(dependent)
    for column in columns:
        for dependent in sorted(dependents[column]):
            if dependent.kind in _HINDERS_TYPE_CHANGE | _HINDERS_RECAST:
                _take_down(dependent, decisions, sides)
    own = [each for each in columns if not _is_inherited(each, columns, dependents)]
    decisions.remade[identity] = Remade(types, own)


def _is_inherited(column: Identity, columns: Sequence[Identity], dependents: Dependents) -> bool:
    """Tell whether another of ``columns`` is the same one in a table that is inherited from."""
    heir = Identity("table", None, column.table or "")
    return any(
        each.name == column.name and heir in dependents[Identity("table", None, each.table or "")]
        for each in columns
        if each != column
    )


def _take_down(dependent: Identity, decisions: Decisions, sides: Sides) -> None:
    if dependent not in sides.before:
        return
    if dependent.kind == "generated expression":
        dependent = dependent._replace(kind="column")
    if dependent.kind not in _HOLDS_DATA or dependent.kind == "column":
        decisions.actions[dependent] = Action.REPLACE if dependent in sides.after else Action.DROP


def _follow_dependencies(decisions: Decisions, sides: Sides, dependents: Dependents) -> None:
    pending = list(decisions.actions)
    while pending:
        identity = pending.pop()
        for dependent in dependents[identity]:
            if not (decisions.goes(identity) or _hinders(decisions, sides, identity, dependent)):
                continue
            generated = dependent.kind == "generated expression"
            if generated:
                dependent = Identity("column", dependent.table, dependent.name)
            if decisions.goes(dependent):
                continue
            if identity not in sides.after and decisions.actions.get(dependent) is Action.CHANGE:
                # A column that changes to another type, and what its old one was.
                continue
            if dependent.kind in _HOLDS_DATA and not generated and identity not in dependent.owners:
                decisions.refusals[identity] = (
                    f"The {identity} has to be made anew, but the {dependent} depends on it and "
                    "holds data.\nWrite the revision by hand."
                )
                continue
            decisions.actions[dependent] = (
                Action.REPLACE if dependent in sides.after else Action.DROP
            )
            pending.append(dependent)


def _hinders(decisions: Decisions, sides: Sides, identity: Identity, dependent: Identity) -> bool:
    return (
        identity.kind == "column"
        and decisions.actions.get(identity) is Action.CHANGE
        and (
            dependent.kind in _HINDERS_TYPE_CHANGE
            or (identity in sides.recast and dependent.kind in _HINDERS_RECAST)
            or (identity in sides.kept and dependent.kind in _HINDERS_HASTE)
        )
    )
