"""Which form a change takes: online where the table exists, plain elsewhere."""

from collections.abc import Callable, Sequence

from ....catalog.identity import Identity
from ...changes.comparison import Comparison
from ...changes.step import Step
from . import constraints
from .indexes import index
from .not_null import not_null
from .pieces import Change, Piece, plain
from .unique import can_adopt_index, unique

_FORMS: dict[str, Callable[[Change], Sequence[Piece]]] = {
    "index": index,
    "check constraint": constraints.check,
    "foreign key": constraints.foreign_key,
    "unique constraint": unique,
    "not null": not_null,
}
_BUILDS_INDEX = ("unique constraint", "primary key", "exclusion constraint")


def pieces_of(drop: Step | None, create: Step | None, comparison: Comparison) -> Sequence[Piece]:
    """Return the pieces of one or two steps for the same object, which goes, comes, or both."""
    steps = [step for step in (drop, create) if step is not None]
    identity = steps[0].identity
    if not all(is_online(step, comparison) for step in steps):
        return [plain(step) for step in steps]
    change = _change(identity, drop, create, comparison)
    if identity.kind in ("check constraint", "foreign key"):
        if create and create.changes:
            return constraints.validation(change)
        if not constraints.validated(change):
            return [plain(step) for step in steps]
    return _FORMS[identity.kind](change)


def is_online(step: Step, comparison: Comparison) -> bool:
    """Tell whether ``step`` has an online form, and is done to a table that is in use."""
    identity = step.identity
    if identity.kind not in _FORMS or not _in_use(identity, comparison):
        return False
    before, after = comparison.sides.before, comparison.sides.after
    if step.goes and _goes_with_a_column(identity, comparison):
        return False
    if identity.kind == "unique constraint":
        definition = (before if step.goes else after)[identity]
        return can_adopt_index(definition) and not _is_partitioned(identity, comparison)
    if identity.kind == "not null":
        texts = {before.get(identity), after.get(identity)}
        return texts == {"NOT NULL", None} and not _needs_not_null(identity, comparison)
    return True


def blocks(step: Step, comparison: Comparison) -> bool:
    """Tell whether ``step`` builds an index on a table in use while all others wait."""
    return (
        not step.goes
        and not step.changes
        and step.identity.kind in _BUILDS_INDEX
        and _in_use(step.identity, comparison)
        and not is_online(step, comparison)
    )


def _change(
    identity: Identity, drop: Step | None, create: Step | None, comparison: Comparison
) -> Change:
    return Change(
        identity,
        comparison.sides.before,
        comparison.sides.after,
        drop,
        create,
        _is_partitioned(identity, comparison),
    )


def _in_use(identity: Identity, comparison: Comparison) -> bool:
    table = Identity("table", None, identity.table or "")
    return table in comparison.sides.before and table in comparison.sides.after


def _is_partitioned(identity: Identity, comparison: Comparison) -> bool:
    table = Identity("table", None, identity.table or "")
    return "PARTITION BY" in comparison.sides.after[table]


def _goes_with_a_column(identity: Identity, comparison: Comparison) -> bool:
    """Tell whether a dropped column takes the object with it, under the same lock."""
    references = comparison.found_dependencies.get(identity, ())
    return any(each.kind == "column" and comparison.plan.goes(each) for each in references)


def _needs_not_null(identity: Identity, comparison: Comparison) -> bool:
    """Tell whether a primary key or an identity wants NOT NULL in the same transaction."""
    _, table, name = identity
    column = Identity("column", table, name)
    sides = comparison.sides
    if Identity("identity", table, name) in (*sides.before, *sides.after):
        return True
    return any(
        column in references
        for dependencies in (comparison.found_dependencies, comparison.expected_dependencies)
        for dependent, references in dependencies.items()
        if dependent.kind == "primary key" and dependent.table == table
    )
