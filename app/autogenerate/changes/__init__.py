"""What is to be done to make the database as the models are, in an order that works.

It is decided which objects come, go or change; each kind of object knows its SQL and operations;
the steps made of these are put into an order that PostgreSQL accepts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from alembic.operations.ops import MigrateOperation
from sqlalchemy import Connection, MetaData

from ...catalog.definitions import Objects
from ...catalog.dependencies import Dependencies
from ...catalog.differences import Difference, compare
from ...catalog.identity import Identity
from ...catalog.misfits import Needed
from ...catalog.snapshot import Snapshot
from ..scratch import Drift
from .decisions import Decisions, decide
from .kinds import KINDS
from .models import Models
from .order import arrange
from .renames import ValueRename, rename
from .sides import RenderType, Sides, sides_of
from .sql import Statement
from .steps import Step, make_steps


@dataclass(frozen=True)
class Hints:
    """What neither the database nor the models tell."""

    render_type: RenderType
    """The project's own way to write a type, if it has one for it."""
    renames: Sequence[ValueRename] = ()


@dataclass(frozen=True)
class Changes:
    """What differs, what is to be done about it, and the steps that do it, in their order.

    The sides and their dependencies have what is renamed under its new name already.
    """

    drift: Drift
    decisions: Decisions
    sides: Sides
    found_dependencies: Dependencies
    expected_dependencies: Dependencies
    steps: Sequence[Step]
    asked: Sequence[Needed]
    """What the rows are to be asked before the rules that come."""
    asked_back: Sequence[Needed]
    """What they are to be asked before those that come back on the way down."""

    @property
    def differences(self) -> Sequence[Difference]:
        """What differs."""
        return self.drift.differences


def find_changes(
    drift: Drift,
    connection: Connection,
    metadata: Sequence[MetaData],
    hints: Hints,
    without: Collection[str] = frozenset(),
    *,
    unchecked: bool = False,
) -> Changes:
    """Return what turns the live schema of ``connection`` into what the models describe.

    Tables named in ``without`` are written as SQL, not as the models have them. ``unchecked``:
    PostgreSQL does not look into the bodies of functions when it makes them.

    Raises:
        CommandError: the steps depend on each other in a circle.
    """
    left, renaming = rename(drift, hints.renames)
    found, expected = left.found_dependencies, left.expected_dependencies
    sides = sides_of(left, connection, metadata, without, hints.render_type)
    decisions = decide(left.differences, sides, found, expected)
    steps = [*make_steps(decisions, sides, found, expected)]
    steps = [
        replace(step, backward=_without_values(step.identity, sides, steps, left))
        if step.commits
        else step
        for step in steps
    ]
    if unchecked:
        steps = [_unchecked(step) for step in steps]
    # All that follows knows what is renamed by its new name.
    ordered = [*renaming, *arrange(steps, found, expected)]
    return Changes(drift, decisions, sides, found, expected, ordered, drift.asked, drift.asked_back)


def _without_values(
    enum: Identity, sides: Sides, steps: Sequence[Step], drift: Drift
) -> list[MigrateOperation]:
    """Return what takes the values that ``enum`` gained from it: the type is made anew."""
    dependencies = drift.found_dependencies
    # What went before the values came is not there yet on the way back.
    away = {
        identity
        for step in steps
        for identity in step.covers
        if step.goes
        or (step.changes and enum not in drift.expected_dependencies.get(identity, {enum}))
    } - {enum}
    there = {each: text for each, text in sides.before.items() if each not in away}
    back = replace(
        sides.reversed(),
        before=Objects({**there, enum: sides.after[enum]}),
        after=Objects(there),
        models=Models(),
        models_before=Models(),
    )
    difference = Difference(enum, sides.before[enum], sides.after[enum])
    decisions = decide([difference], back, dependencies, dependencies)
    way_back = [*make_steps(decisions, back, dependencies, dependencies)]
    return [op for step in arrange(way_back, dependencies, dependencies) for op in step.forward]


def how_to_build(objects: Snapshot, dependencies: Dependencies) -> list[str]:
    """Return the statements that make ``objects`` in an empty schema.

    Raises:
        CommandError: they depend on each other in a circle.
    """
    sides = Sides.ending_with(Objects(objects))
    decisions = decide(compare(sides.after, {}), sides, {}, dependencies)
    steps = arrange([*make_steps(decisions, sides, {}, dependencies)], {}, dependencies)
    return [
        statement
        for step in steps
        for statement in KINDS[step.identity.kind].create(step.identity, objects)
    ]


def _unchecked(step: Step) -> Step:
    if step.identity.kind not in ("function", "procedure"):
        return step
    off = Statement("SET LOCAL check_function_bodies = off")
    return replace(step, forward=[off, *step.forward], backward=[off, *step.backward])
