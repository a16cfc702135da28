"""Which form a change takes: online where the table exists, plain elsewhere."""

from collections.abc import Callable, Sequence

from ....catalog.identity import Identity
from ...changes import Changes
from ...changes.steps import Step
from . import constraints, indexes, knots, partitioned, replaced
from .pieces import Change, Piece

_FORMS: dict[str, Callable[[Change], Sequence[Piece]]] = {
    "index": indexes.index,
    "check constraint": constraints.check,
    "foreign key": constraints.check,
    "unique constraint": indexes.unique,
    "primary key": indexes.unique,
    "not null": constraints.not_null,
}
_REPLACING: dict[str, Callable[[Change], Sequence[Piece]]] = {
    "index": replaced.index,
    "check constraint": replaced.check,
    "foreign key": replaced.foreign_key,
    "unique constraint": replaced.unique,
    "primary key": replaced.unique,
}
_ON_PARTITIONS: dict[str, Callable[[Change], Sequence[Piece]]] = {
    "foreign key": partitioned.foreign_key,
    "unique constraint": partitioned.unique,
    "primary key": partitioned.unique,
}
# What is gone when these go only admits more.
_LOOSENING = {"not null", "check constraint", "domain constraint", "default"}
_BUILDS_INDEX = ("unique constraint", "primary key", "exclusion constraint")


def pieces_of(drop: Step | None, create: Step | None, changes: Changes) -> Sequence[Piece]:
    """Return the pieces of one or two steps for the same object, which goes, comes, or both."""
    steps = [step for step in (drop, create) if step is not None]
    identity = steps[0].identity
    if not all(is_online(step, changes) for step in steps):
        return [_plain(step, alone=_is_used_meanwhile(step, changes)) for step in steps]
    change = _change(identity, drop, create, changes)
    if identity.kind in ("check constraint", "foreign key"):
        if create and create.changes:
            return constraints.validation(change)
        if not constraints.validated(change):
            return [_plain(step) for step in steps]
    if identity.kind in _ON_PARTITIONS and change.partitioned:
        return _ON_PARTITIONS[identity.kind](change)
    return (_REPLACING if drop and create else _FORMS)[identity.kind](change)


def is_online(step: Step, changes: Changes) -> bool:
    """Tell whether ``step`` has an online form, and is done to a table that is in use."""
    identity = step.identity
    if identity.kind not in _FORMS or not _in_use(identity, changes):
        return False
    if step.renames or identity in changes.decisions.heirs:
        # What the heirs have of their own goes at the same time.
        return False
    before, after = changes.sides.before, changes.sides.after
    if step.goes and _goes_with_a_column(identity, changes):
        return False
    if identity.kind in ("unique constraint", "primary key"):
        return indexes.can_adopt_index((before if step.goes else after)[identity])
    if identity.kind == "not null":
        texts = {before.get(identity), after.get(identity)}
        return texts == {"NOT NULL", None} and not _needs_not_null(identity, changes)
    return True


def blocks(step: Step, changes: Changes) -> bool:
    """Tell whether ``step`` builds an index on a table in use while all others wait."""
    return (
        not step.goes
        and not step.changes
        and step.identity.kind in _BUILDS_INDEX
        and _in_use(step.identity, changes)
        and not is_online(step, changes)
    )


def pieces_of_knot(steps: Sequence[Step], changes: Changes) -> list[Piece]:
    """Return the pieces of steps that one transaction has to do."""
    return knots.cut(steps, _tied(steps, changes))


def can_be_tied(steps: Sequence[tuple[Step, Sequence[Step] | None]], changes: Changes) -> bool:
    """Tell whether there is a form for ``steps``, of which each needs others of them done before.

    An index cannot be built beside the old one if it needs what is only made meanwhile.
    """
    tied = _tied([step for step, _ in steps], changes)
    for step, needs in steps:
        if step.goes or step.identity.kind not in knots.INDEXED or step.identity not in tied:
            continue
        change = tied[step.identity]
        is_rule = step.identity.kind != "index" or (
            change.after[step.identity].startswith("UNIQUE ") and not change.partitioned
        )
        if not is_rule or not all(each.goes for each in needs or ()):
            return False
    return bool(tied)


def _tied(steps: Sequence[Step], changes: Changes) -> dict[Identity, Change]:
    """Return the objects among ``steps`` that go and come again, if there is a form for that.

    What has an index may also only go, or come.
    """
    found = {}
    for identity in dict.fromkeys(step.identity for step in steps):
        both = [step for step in steps if step.identity == identity]
        if identity.kind not in (_REPLACING if len(both) > 1 else knots.INDEXED):
            continue
        drop, create = (
            next((step for step in both if step.goes is goes), None) for goes in (True, False)
        )
        if all(is_online(step, changes) for step in both):
            change = _change(identity, drop, create, changes)
            if constraints.validated(change):
                found[identity] = change
    return found


def _plain(step: Step, *, alone: bool = False) -> Piece:
    removes = step.goes and step.identity.kind not in _LOOSENING
    return Piece(step.forward, step.backward, removes=removes, alone=alone)


def _is_used_meanwhile(step: Step, changes: Changes) -> bool:
    """Tell whether another step may use what ``step`` adds, which has to be committed before."""
    if not step.commits:
        return False
    expected = changes.expected_dependencies
    users = {each for each, references in expected.items() if step.identity in references}
    return any(
        not (users | {step.identity}).isdisjoint(expected.get(identity, ())) or identity in users
        for other in changes.steps
        if other is not step and not other.goes
        for identity in other.covers
    )


def _change(identity: Identity, drop: Step | None, create: Step | None, changes: Changes) -> Change:
    return Change(
        identity,
        # Without a step for it, the object is not there on that side.
        changes.sides.before if drop or (create and create.changes) else {},
        changes.sides.after if create else {},
        drop,
        create,
        _is_partitioned(identity, changes),
        identity in changes.sides.unbreakable,
        identity in changes.sides.unbreakable_before,
    )


def _in_use(identity: Identity, changes: Changes) -> bool:
    table = Identity("table", None, identity.table or "")
    return table in changes.sides.before and table in changes.sides.after


def _is_partitioned(identity: Identity, changes: Changes) -> bool:
    table = Identity("table", None, identity.table or "")
    return "PARTITION BY" in changes.sides.after[table]


def _goes_with_a_column(identity: Identity, changes: Changes) -> bool:
    """Tell whether a dropped column takes the object with it, under the same lock."""
    references = changes.found_dependencies.get(identity, ())
    return any(each.kind == "column" and changes.decisions.goes(each) for each in references)


def _needs_not_null(identity: Identity, changes: Changes) -> bool:
    """Tell whether an identity wants NOT NULL in the same transaction."""
    _, table, name = identity
    sides = changes.sides
    return Identity("identity", table, name) in (*sides.before, *sides.after)
