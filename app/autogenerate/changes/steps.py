"""The steps of a migration: for each object that comes, goes or changes, operations both ways."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from alembic.operations.ops import MigrateOperation

from ...catalog.definitions import of_owner, unquoted
from ...catalog.dependencies import Dependencies
from ...catalog.identity import Identity
from ...catalog.snapshot import Snapshot
from .decisions import INDEPENDENT, Action, Decisions
from .kinds import KINDS, rank
from .kinds.enums import Remade, parts_of, remake
from .sides import Sides
from .sql import statements

# Kinds whose names share one namespace in the schema.
RELATIONS = {
    "type",
    "domain",
    "sequence",
    "identity sequence",
    "table",
    "view",
    "materialized view",
    "index",
    "primary key",
    "unique constraint",
    "exclusion constraint",
}
_ROUTINES = {"function", "procedure", "aggregate"}
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
    renames: bool = False
    commits: bool = False
    """What it adds cannot be used before it is committed."""
    frees: Collection[str] = frozenset()
    """Names of relations and types that are free afterwards."""
    takes: Collection[str] = frozenset()
    """Names of relations and types that have to be free before."""


def make_steps(
    decisions: Decisions, sides: Sides, found: Dependencies, expected: Dependencies
) -> Iterator[Step]:
    """Yield the steps of ``decisions``, in no order in which they could run.

    ``found`` and ``expected`` are the dependencies of the live schema and of the models.
    """
    created: set[Identity] = set()
    for identity in sorted(decisions.actions, key=lambda each: _POSITIONS[each.kind]):
        if identity in decisions.refusals:
            continue
        if decisions.actions[identity] is Action.CHANGE and identity not in created:
            step = _change(identity, sides, decisions)
            created.update(step.covers)
            yield step
        if decisions.goes(identity) and not decisions.goes_with_owner(identity):
            yield _drop(identity, sides, found, decisions.heirs.get(identity, ()))
        if decisions.comes(identity) and identity not in created:
            step = _create(
                identity,
                sides,
                undone_with_owner=_is_undone_with_owner(identity, decisions, expected),
            )
            created.update(step.covers)
            yield step


def _is_undone_with_owner(identity: Identity, decisions: Decisions, expected: Dependencies) -> bool:
    """Tell whether an object goes with its owner on the way down, and needs no statement there.

    Indexes and constraints of tables in use come in revisions of their own, before their comments
    and properties.
    """
    apart = identity.kind.endswith((" comment", "index parameter", "index property")) and any(
        owner.table is not None and not decisions.comes_with_owner(owner)
        for owner in identity.owners
    )
    # A routine that comes after the owner goes before it again.
    called = any(each.kind in _ROUTINES for each in expected.get(identity, ()))
    return decisions.comes_with_owner(identity) and not apart and not called


def _remake(identity: Identity, sides: Sides, remade: Remade) -> Step:
    def forward(sides: Sides) -> list[MigrateOperation]:
        return statements([*remake(remade, sides.after, _create_as_sql, _within)])

    parts = {part for each in remade.types for part in parts_of(each, sides.after)}
    return Step(
        identity,
        {*remade.types, *parts, *remade.columns},
        forward(sides),
        forward(sides.reversed()),
        changes=True,
    )


def _create_as_sql(identity: Identity, objects: Snapshot) -> list[str]:
    return KINDS[identity.kind].create(identity, objects)


def _within(identity: Identity, objects: Snapshot) -> set[Identity]:
    return KINDS[identity.kind].within(identity, objects, None)


def _change(identity: Identity, sides: Sides, decisions: Decisions) -> Step:
    if identity in decisions.remade:
        return _remake(identity, sides, decisions.remade[identity])
    changed = [identity]
    counted = identity._replace(kind="identity")
    if identity.kind == "column" and decisions.actions.get(counted) is Action.CHANGE:
        # What it may count to lies within the narrower of its types.
        narrows = _digits(sides.after[identity]) < _digits(sides.before[identity])
        changed = [counted, identity] if narrows else [identity, counted]
    named = partial(_names, changed)
    old, new = named(sides.before), named(sides.after)
    return Step(
        identity,
        set(changed),
        [op for each in changed for op in _operations(each, sides)],
        []
        if identity.kind == "type"
        else [op for each in reversed(changed) for op in _operations(each, sides.reversed())],
        changes=True,
        commits=identity.kind == "type",
        frees=old - new,
        takes=new - old,
    )


def _digits(type_: str) -> int:
    counting = ("smallint", "integer", "bigint")
    return counting.index(type_) if type_ in counting else len(counting)


def _drop(
    identity: Identity, sides: Sides, dependencies: Dependencies, heirs: Iterable[Identity]
) -> Step:
    away = sides.ending_without(identity)
    parts = _parts(identity, sides.before)
    if identity.kind == "generated expression":
        backward = _generate_again(identity, sides.before, dependencies)
    else:
        operation = KINDS[identity.kind].operation(identity, away.reversed())
        backward = [operation] if operation else _restore(identity, sides.before, parts)
    covers = {identity, *parts, *heirs}
    # An heir that declares it too still has it.
    left = [
        each.replace(" DROP COLUMN ", " DROP COLUMN IF EXISTS ", 1).replace(
            " DROP CONSTRAINT ", " DROP CONSTRAINT IF EXISTS ", 1
        )
        for heir in heirs
        for each in KINDS[heir.kind].drop(heir, sides.before)
    ]
    lost = [
        statement
        for heir in heirs
        for part in _parts(heir, sides.before)
        if part.kind.endswith("comment")
        for statement in KINDS[part.kind].create(part, sides.before)
    ]
    backward = [*backward, *statements(lost)]
    return Step(
        identity,
        covers,
        [*_operations(identity, away), *statements(left)],
        backward,
        goes=True,
        frees=_names(covers, sides.before),
    )


def _create(identity: Identity, sides: Sides, *, undone_with_owner: bool) -> Step:
    kind = KINDS[identity.kind]
    away = sides.reversed().ending_without(identity)
    operation = kind.operation(identity, away.reversed())
    forward = [operation] if operation else statements(kind.create(identity, sides.after))
    within = kind.within(identity, sides.after, sides.models if operation else None)
    backward = [] if undone_with_owner else _operations(identity, away)
    covers = {identity, *within}
    return Step(identity, covers, forward, backward, takes=_names(covers, sides.after))


def _names(covers: Iterable[Identity], objects: Snapshot) -> frozenset[str]:
    """Return which names those of ``covers`` have that share one namespace in the schema."""
    return frozenset(
        unquoted(objects[each])[0] if each.kind == "identity sequence" else each.name
        for each in covers
        if each.kind in RELATIONS and each in objects
    )


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
    parts: dict[Identity, None] = {}
    pending = [identity]
    while pending:
        for each in of_owner(objects, pending.pop()):
            if each.kind not in INDEPENDENT and each not in parts and each != identity:
                parts[each] = None
                pending.append(each)
    return list(parts)
