"""What is to be done to make the database as the models are, in an order that works.

It is decided which objects come, go or change; each kind of object knows its SQL and operations;
the steps made of these are put into an order that PostgreSQL accepts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData

from ...catalog.dependencies import Dependencies
from ...catalog.differences import Difference
from ..scratch import Drift
from .decisions import Decisions, decide
from .order import arrange
from .sides import Sides, sides_of
from .steps import Step, make_steps


@dataclass(frozen=True)
class Changes:
    """What differs, what is to be done about it, and the steps that do it, in their order."""

    differences: Sequence[Difference]
    decisions: Decisions
    sides: Sides
    found_dependencies: Dependencies
    expected_dependencies: Dependencies
    steps: Sequence[Step]


def find_changes(drift: Drift, connection: Connection, metadata: Sequence[MetaData]) -> Changes:
    """Return what turns the live schema of ``connection`` into what the models describe.

    Raises:
        CommandError: the steps depend on each other in a circle.
    """
    sides = sides_of(drift, connection, metadata)
    decisions = decide(drift.differences, sides, drift.found_dependencies)
    steps = make_steps(decisions, sides, drift.found_dependencies)
    return Changes(
        drift.differences,
        decisions,
        sides,
        drift.found_dependencies,
        drift.expected_dependencies,
        arrange(list(steps), drift.found_dependencies, drift.expected_dependencies),
    )
