"""The steps of a migration: for each object that comes, goes or changes, operations both ways."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from alembic.operations.ops import MigrateOperation

from ...catalog.dependencies import Dependencies
from ...catalog.identity import Identity
from ...catalog.snapshot import Snapshot
from .decisions import INDEPENDENT, Action, Decisions
from .kinds import KINDS, rank
from .sides import Sides
from .sql import statements

# Tables and columns come first: what is created with them needs no step of its own.
_POSITIONS = {kind: position for position, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Step:
    """What is done with ``identity`` and all that comes or goes together with it."""

    identity: Identity
    covers: Collection[Identity]
    forward: Sequence[MigrateOperation]
    backward: Sequence[MigrateOperation]
    goes: bool = False
    changes: bool = False


def make_steps(decisions: Decisions, sides: Sides, dependencies: Dependencies) -> Iterator[Step]:
    """Yield the steps of ``decisions``, in no order in which they could run.

    ``dependencies`` are those of the live schema.
    """
    created: set[Identity] = set()
    for identity in sorted(decisions.actions, key=lambda each: _POSITIONS[each.kind]):
        if identity in decisions.refusals:
            continue
        if decisions.actions[identity] is Action.CHANGE:
            yield _change(identity, sides)
        if decisions.goes(identity) and not decisions.goes_with_owner(identity):
            yield _drop(identity, sides, dependencies)
        if decisions.comes(identity) and identity not in created:
            step = _create(
                identity, sides, undone_with_owner=_is_undone_with_owner(identity, decisions)
            )
            created.update(step.covers)
            yield step


def _is_undone_with_owner(identity: Identity, decisions: Decisions) -> bool:
    """Tell whether an object goes with its owner on the way down, and needs no statement there.

    Indexes and constraints of tables in use come in revisions of their own, before their comments
    and properties.
    """
    apart = identity.kind.endswith((" comment", "index parameter", "index property")) and any(
        owner.table is not None and not decisions.comes_with_owner(owner)
        for owner in identity.owners
    )
    return decisions.comes_with_owner(identity) and not apart


def _change(identity: Identity, sides: Sides) -> Step:
    forward, backward = _operations(identity, sides), _operations(identity, sides.reversed())
    return Step(identity, {identity}, forward, backward, changes=True)


def _drop(identity: Identity, sides: Sides, dependencies: Dependencies) -> Step:
    away = sides.ending_without(identity)
    parts = _parts(identity, sides.before)
    if identity.kind == "generated expression":
        backward = _generate_again(identity, sides.before, dependencies)
    else:
        operation = KINDS[identity.kind].operation(identity, away.reversed())
        backward = [operation] if operation else _restore(identity, sides.before, parts)
    return Step(identity, {identity, *parts}, _operations(identity, away), backward, goes=True)


def _create(identity: Identity, sides: Sides, *, undone_with_owner: bool) -> Step:
    kind = KINDS[identity.kind]
    away = sides.reversed().ending_without(identity)
    operation = kind.operation(identity, away.reversed())
    forward = [operation] if operation else statements(kind.create(identity, sides.after))
    within = kind.within(identity, sides.after, sides.models if operation else None)
    backward = [] if undone_with_owner else _operations(identity, away)
    return Step(identity, {identity, *within}, forward, backward)


def _operations(identity: Identity, sides: Sides) -> list[MigrateOperation]:
    """Return what takes an object that is on the first of ``sides`` to the second."""
    kind = KINDS[identity.kind]
    operation = kind.operation(identity, sides)
    if operation is not None:
        return [operation]
    if identity not in sides.after:
        return statements(kind.drop(identity, sides.before))
    in_place = kind.change(identity, sides.before, sides.after)
    if in_place is not None:
        return statements(in_place)
    # In place in the other direction only.
    return statements([*kind.drop(identity, sides.before), *kind.create(identity, sides.after)])


def _restore(
    identity: Identity, objects: Snapshot, parts: Iterable[Identity]
) -> list[MigrateOperation]:
    """Return what makes a live object again as it was, with the ``parts`` that it lost."""
    within = KINDS[identity.kind].within(identity, objects, None)
    made = [identity, *sorted((part for part in parts if part not in within), key=rank)]
    return [
        operation
        for each in made
        for operation in statements(KINDS[each.kind].create(each, objects))
    ]


def _generate_again(
    identity: Identity, objects: Snapshot, dependencies: Dependencies
) -> list[MigrateOperation]:
    """Return what turns a plain column back into the generated one, and what it lost again."""
    column = Identity("column", identity.table, identity.name)
    lost = [
        each
        for each, references in dependencies.items()
        if column in references and identity not in each.owners and each.table == column.table
    ]
    drop = KINDS["column"].drop(column, objects)
    return [*statements(drop), *_restore(column, objects, lost)]


def _parts(identity: Identity, objects: Snapshot) -> list[Identity]:
    """Return all that vanishes with an object, at any depth."""
    parts: list[Identity] = []
    owners = {identity}
    while True:
        more = [
            each
            for each in objects
            if each.kind not in INDEPENDENT
            and each not in owners
            and not owners.isdisjoint(each.owners)
        ]
        if not more:
            return parts
        parts += more
        owners.update(more)
