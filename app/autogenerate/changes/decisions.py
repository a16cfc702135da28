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
class Decisions:
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


def decide(
    differences: Sequence[Difference], sides: Sides, dependencies: Dependencies
) -> Decisions:
    """Return what turns one of ``sides`` into the other.

    ``dependencies`` are those of the live schema.
    """
    decisions = Decisions({}, {})
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
    _follow_dependencies(decisions, sides, dependencies)
    return decisions


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


def _follow_dependencies(decisions: Decisions, sides: Sides, dependencies: Dependencies) -> None:
    dependents: defaultdict[Identity, set[Identity]] = defaultdict(set)
    for dependent, references in dependencies.items():
        for referenced in references:
            dependents[referenced].add(dependent)
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
        )
    )
