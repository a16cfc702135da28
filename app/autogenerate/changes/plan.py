"""Deciding what is to be done: which objects come, go, change in place or must be made anew.

What depends on an object that goes has to go before it, and come again after it if the models
still have it. PostgreSQL's own record of dependencies says what that is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ...catalog.dependencies import Dependencies
from ...catalog.differences import Difference
from ...catalog.identity import Identity
from .kinds import KINDS
from .sides import Sides


class Action(Enum):
    """What happens to an object."""

    CREATE = "create"
    DROP = "drop"
    CHANGE = "change"
    REPLACE = "replace"


# What stands in the way of changing the type of a column; what PostgreSQL rebuilds by itself
# (indexes, CHECK constraints) does not. To another type, these too.
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
# Objects that hold data: they never go because something else does.
_HOLDS_DATA = {"table", "column", "sequence"}
# Objects that get statements of their own although they vanish with their table or sequence:
# without, circular foreign keys and serial columns could not be undone.
INDEPENDENT = {"foreign key", "sequence owner"}


@dataclass(frozen=True)
class Plan:
    """What is to be done with which object, and what cannot be done."""

    actions: dict[Identity, Action]
    refusals: dict[Identity, str]

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


def make_plan(differences: Sequence[Difference], sides: Sides, dependencies: Dependencies) -> Plan:
    """Return what turns one of ``sides`` into the other.

    ``dependencies`` are those of the live schema.
    """
    plan = Plan({}, {})
    for difference in differences:
        identity = difference.identity
        kind = KINDS[identity.kind]
        refusal = kind.refuse(identity, sides.before, sides.after)
        if refusal is not None:
            plan.refusals[identity] = refusal
        elif difference.found is None:
            plan.actions[identity] = Action.CREATE
        elif difference.expected is None:
            plan.actions[identity] = Action.DROP
        elif kind.change(identity, sides.before, sides.after) is not None:
            plan.actions[identity] = Action.CHANGE
        else:
            plan.actions[identity] = Action.REPLACE
    _replace_generated_columns(plan, sides)
    _follow_dependencies(plan, sides, dependencies)
    return plan


def _replace_generated_columns(plan: Plan, sides: Sides) -> None:
    """Make a column anew if its generated expression comes or changes."""
    for identity in list(plan.actions):
        column = Identity("column", identity.table, identity.name)
        if (
            identity.kind == "generated expression"
            and identity in sides.after
            and column in sides.before
            and column in sides.after
        ):
            plan.actions[column] = Action.REPLACE


def _follow_dependencies(plan: Plan, sides: Sides, dependencies: Dependencies) -> None:
    dependents: defaultdict[Identity, set[Identity]] = defaultdict(set)
    for dependent, references in dependencies.items():
        for referenced in references:
            dependents[referenced].add(dependent)
    pending = list(plan.actions)
    while pending:
        identity = pending.pop()
        for dependent in dependents[identity]:
            if not (plan.goes(identity) or _hinders(plan, sides, identity, dependent)):
                continue
            generated = dependent.kind == "generated expression"
            if generated:
                dependent = Identity("column", dependent.table, dependent.name)
            if plan.goes(dependent):
                continue
            if dependent.kind in _HOLDS_DATA and not generated and identity not in dependent.owners:
                plan.refusals[identity] = (
                    f"The {identity} has to be made anew, but the {dependent} depends on it and "
                    "holds data.\nWrite the revision by hand."
                )
                continue
            plan.actions[dependent] = Action.REPLACE if dependent in sides.after else Action.DROP
            pending.append(dependent)


def _hinders(plan: Plan, sides: Sides, identity: Identity, dependent: Identity) -> bool:
    return (
        identity.kind == "column"
        and plan.actions.get(identity) is Action.CHANGE
        and (
            dependent.kind in _HINDERS_TYPE_CHANGE
            or (identity in sides.recast and dependent.kind in _HINDERS_RECAST)
        )
    )
