"""What is missing after one statement: until another one brings it again, or for good."""

from collections.abc import Iterator, Sequence

from ..revisions.hazards import Hazard
from .judging import Found
from .observation import Constraint, Observation
from .tracing import Traced

RULE_KINDS = {
    "c": "check constraint",
    "f": "foreign key",
    "p": "primary key",
    "u": "unique constraint",
    "x": "exclusion constraint",
}


def hazards_in_between(statements: Sequence[Traced]) -> list[list[Found]]:
    """Return for each of ``statements``, which follow each other, what it leaves missing."""
    if not statements:
        return []
    first, last = statements[0].before, statements[-1].after
    return [
        [*_replaced(each, statements[number + 1 :]), *_dropped(each, first, last)]
        for number, each in enumerate(statements)
    ]


def _replaced(traced: Traced, later: Sequence[Traced]) -> Iterator[Found]:
    """Yield the indexes that go in one transaction and come again in another."""
    for oid, index in traced.before.relations.items():
        if oid in traced.after.relations or index.table not in traced.after.relations:
            continue
        if any(
            each.start is not traced.start
            and index.name in _names(each.after) - _names(each.before)
            for each in later
        ):
            hazard = Hazard.UNIQUE_REPLACED if index.unique else Hazard.INDEX_REPLACED
            yield hazard, {"name": f"{'unique ' if index.unique else ''}index {index.name}"}


def _dropped(traced: Traced, first: Observation, last: Observation) -> Iterator[Found]:
    """Yield the rules that were there at first, go, and are not there at last."""
    for oid, rule in traced.before.constraints.items():
        goes = oid in first.constraints and oid not in traced.after.constraints
        kind = RULE_KINDS.get(rule.type)
        if goes and kind and _stands_alone(rule, last) and not _is_in(rule, last):
            table = traced.before.relations[rule.of].name
            yield Hazard.RULE_DROPPED, {"name": f"{kind} {table}.{rule.name}"}
    for key, column in traced.before.columns.items():
        now, at_last = traced.after.columns.get(key), last.columns.get(key)
        is_dropped = column.not_null and now and not now.not_null
        if is_dropped and key in first.columns and at_last and not at_last.not_null:
            table = traced.before.relations[key[0]].name
            yield Hazard.RULE_DROPPED, {"name": f"not null {table}.{column.name}"}


def _stands_alone(rule: Constraint, last: Observation) -> bool:
    """Tell whether a rule goes without its table or column, and is not a partition's copy."""
    table = last.relations.get(rule.of)
    column_is_there = rule.column is None or (rule.of, rule.column) in last.columns
    return table is not None and not table.parent and column_is_there


def _is_in(rule: Constraint, last: Observation) -> bool:
    """Tell whether there is a rule of the name at last: a constraint, or a unique index."""
    return any(
        (each.of, each.name) == (rule.of, rule.name) for each in last.constraints.values()
    ) or any(
        each.unique and (each.table, each.name) == (rule.of, rule.name)
        for each in last.relations.values()
    )


def _names(observation: Observation) -> set[str]:
    return {relation.name for relation in observation.relations.values()}
