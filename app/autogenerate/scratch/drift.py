"""How the live schema differs from the models: one snapshot of each, and PostgreSQL's own word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, MetaData

from ...catalog.definitions import Objects
from ...catalog.dependencies import Dependencies, dependencies
from ...catalog.differences import Difference, compare
from ...catalog.identity import Identity
from ...catalog.implication import unbreakable
from ...catalog.memory import memory_of, recall, remember
from ...catalog.misfits import Needed, needed, questions
from ...catalog.reparse import MakeAgain, same_when_reparsed
from ...catalog.snapshot import Snapshot, snapshot
from ...server.scratch import scratch_connection
from .copy import record_models, scratch_copy


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
    asked: Sequence[Needed]
    """What the rows are to be asked before they get the rules of the models."""
    asked_back: Sequence[Needed]
    """What they are to be asked before they get those of the live schema again."""


class Choice(Protocol):
    """What is compared at all."""

    @property
    def version_table(self) -> str | None:
        """The name of Alembic's table, where it is in this schema."""

    def is_unmanaged(self, identity: Identity) -> bool:
        """Tell whether only the database is to have an object."""

    def left_out(
        self, differences: Sequence[Difference], found: Snapshot, expected: Snapshot
    ) -> set[Identity]:
        """Return what of ``differences`` is none of the comparison's business."""


@dataclass(frozen=True)
class Making:
    """How objects are made from their own definitions."""

    again: MakeAgain
    """Gives the statements that drop one and make it again."""
    all: Callable[[Snapshot, Dependencies], list[str]]
    """Gives the statements that make them in an empty schema."""


def find_drift(
    connection: Connection,
    metadata: Sequence[MetaData],
    scratch_url: str | None,
    making: Making,
    choice: Choice,
) -> Drift | None:
    """Return how the current schema of ``connection`` differs from the models; None if it does not.

    The models are built beside it, or on the server that ``scratch_url`` names.

    Raises:
        CommandError: the scratch copy of the models cannot be built.
    """
    schema = current_schema(connection)
    found = snapshot(connection, schema, choice.version_table)
    had = _extensions(connection)
    found_dependencies: Dependencies | None = None
    borrowed: list[str] = []
    unmanaged = {each: text for each, text in found.items() if choice.is_unmanaged(each)}
    if unmanaged:
        found_dependencies = dependencies(connection, schema, found)
        borrowed = making.all(unmanaged, found_dependencies)
    statements = record_models(metadata, connection.dialect)
    # A table of the models that is called so is left out, too.
    hidden = f"-- without {choice.version_table}"
    known = None if statements is None else [hidden, *borrowed, *statements]
    memory = memory_of(connection, known) if scratch_url is None else None
    remembered = recall(memory)
    if remembered is not None and not _chosen(remembered, found, choice)[0]:
        return None
    with (
        scratch_connection(connection, scratch_url) as other,
        scratch_copy(other, metadata, statements, borrowed) as scratch,
    ):
        printed = snapshot(other, scratch, choice.version_table)
        built = Objects({**printed, **_made(had, _extensions(other))})
        remember(memory, built)
        differences, out = _chosen(built, found, choice)
        if not differences:
            return None
        expected_dependencies = dict(dependencies(other, scratch, built))
        found_unbreakable = unbreakable(other, scratch, _checks(differences, found), built)
        asked = questions(other, scratch, found, built)
        back = questions(connection, schema, built, found)
        asked_back = needed(other, scratch, built, back)
        same = same_when_reparsed(other, scratch, differences, built, found, making.again)
    differences = [each for each in differences if each.identity not in same]
    if found_dependencies is None:
        found_dependencies = dependencies(connection, schema, found)
    out |= _needed({each.identity for each in differences}, out, built, found_dependencies)
    differences = [each for each in differences if each.identity not in out]
    if not differences:
        return None
    # What differs and is no difference is on both sides as the database has it.
    expected = {**built}
    for identity in out | same:
        if identity in found:
            expected[identity] = found[identity]
            if identity not in built:
                expected_dependencies[identity] = found_dependencies.get(identity, set())
        else:
            del expected[identity]
    return Drift(
        schema,
        differences,
        found,
        Objects(expected),
        found_dependencies,
        expected_dependencies,
        found_unbreakable,
        unbreakable(connection, schema, _checks(differences, expected), found),
        needed(connection, schema, found, [each for each in asked if each.rule not in same]),
        [each for each in asked_back if each.question.rule not in same],
    )


def current_schema(connection: Connection) -> str:
    """Return the schema that ``connection`` works in."""
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar())


def _extensions(connection: Connection) -> set[str]:
    return set(connection.exec_driver_sql("SELECT extname FROM pg_extension").scalars())


def _made(had: set[str], has: set[str]) -> Snapshot:
    """Return the extensions that the models make where they are not there yet."""
    return {Identity("extension", None, name): "" for name in sorted(has - had)}


def _chosen(
    expected: Snapshot, found: Snapshot, choice: Choice
) -> tuple[list[Difference], set[Identity]]:
    """Return what differs, and what else does that is left out."""
    differences = compare(expected, found)
    out = choice.left_out(differences, found, expected) if differences else set()
    return [each for each in differences if each.identity not in out], out


def _needed(
    differing: set[Identity], out: set[Identity], built: Snapshot, dependencies: Dependencies
) -> set[Identity]:
    """Return which of ``differing`` only the database has, and something needs that is left out."""
    needed: set[Identity] = set()
    pending = [each for each in out if each not in built]
    while pending:
        for each in dependencies.get(pending.pop(), ()):
            if each in differing and each not in built and each not in needed:
                needed.add(each)
                pending.append(each)
    return needed


def _checks(differences: Sequence[Difference], side: Snapshot) -> Snapshot:
    """Return the CHECKs among ``differences`` as ``side`` has them."""
    return {
        each.identity: side[each.identity]
        for each in differences
        if each.identity.kind == "check constraint" and each.identity in side
    }
