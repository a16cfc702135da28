"""How the live schema differs from the models: one snapshot of each, and PostgreSQL's own word."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData

from ...catalog.dependencies import Dependencies, dependencies
from ...catalog.differences import Difference, compare
from ...catalog.identity import Identity
from ...catalog.implication import unbreakable
from ...catalog.snapshot import Snapshot, snapshot
from ...server.scratch import scratch_connection
from .copy import record_models, scratch_copy
from .memory import memory_of, recall, remember
from .reparse import MakeAgain, same_when_reparsed


@dataclass(frozen=True)
class Drift:
    """What differs in the live schema from the models, and what there is on either side."""

    schema: str
    differences: Sequence[Difference]
    found: Snapshot
    expected: Snapshot
    found_dependencies: Dependencies
    expected_dependencies: Dependencies
    found_unbreakable: frozenset[Identity]
    """CHECKs of the live schema that no row of the models' can break."""
    expected_unbreakable: frozenset[Identity]
    """CHECKs of the models that no row of the live schema can break."""


def find_drift(
    connection: Connection,
    metadata: Sequence[MetaData],
    scratch_url: str | None,
    make_again: MakeAgain,
) -> Drift | None:
    """Return how the current schema of ``connection`` differs from the models; None if it does not.

    The models are built beside it, or on the server that ``scratch_url`` names. ``make_again``
    gives the statements that make an object anew from its own definition.

    Raises:
        CommandError: the scratch copy of the models cannot be built.
    """
    schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar())
    found = snapshot(connection, schema)
    statements = record_models(metadata, connection.dialect)
    memory = memory_of(connection, statements) if scratch_url is None else None
    remembered = recall(memory)
    if remembered is not None and not compare(remembered, found):
        return None
    with (
        scratch_connection(connection, scratch_url) as other,
        scratch_copy(other, metadata, statements) as scratch,
    ):
        expected = snapshot(other, scratch)
        remember(memory, expected)
        differences = compare(expected, found)
        if not differences:
            return None
        expected_dependencies = dependencies(other, scratch, expected)
        found_unbreakable = unbreakable(other, scratch, _checks(differences, found), expected)
        same = same_when_reparsed(other, scratch, differences, expected, found, make_again)
    differences = [each for each in differences if each.identity not in same]
    if not differences:
        return None
    expected = {**expected, **{identity: found[identity] for identity in same}}
    return Drift(
        schema,
        differences,
        found,
        expected,
        dependencies(connection, schema, found),
        expected_dependencies,
        found_unbreakable,
        unbreakable(connection, schema, _checks(differences, expected), found),
    )


def _checks(differences: Sequence[Difference], side: Snapshot) -> Snapshot:
    """Return the CHECKs among ``differences`` as ``side`` has them."""
    return {
        each.identity: side[each.identity]
        for each in differences
        if each.identity.kind == "check constraint" and each.identity in side
    }
