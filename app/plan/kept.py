"""Rules that were there before, and are called otherwise, or print otherwise, since a rename."""

from collections.abc import Iterator, Sequence

from ..catalog.identity import Identity
from ..catalog.misfits import Question
from .gaps import RULE_KINDS
from .observation import Observation
from .tracing import Traced


def about_new_rules(asked: Sequence[Question], statements: Sequence[Traced]) -> list[Question]:
    """Return those of ``asked`` whose rules came with ``statements``: PostgreSQL numbers rules."""
    if not statements:
        return list(asked)
    kept = set(_kept(statements[0].before, statements[-1].after))
    return [question for question in asked if question.rule not in kept]


def _kept(before: Observation, after: Observation) -> Iterator[Identity]:
    """Yield the rules of ``after`` that rows had to fit ``before``, too."""
    tables = {oid: relation.bare for oid, relation in after.relations.items()}
    for oid, rule in after.constraints.items():
        was = before.constraints.get(oid)
        if was and rule.type in RULE_KINDS and was.valid == rule.valid:
            yield Identity(RULE_KINDS[rule.type], tables[rule.of], rule.name)
    for oid, index in after.relations.items():
        if index.table and oid in before.relations and before.relations[oid].unique == index.unique:
            yield Identity("index", tables[index.table], index.bare)
    for key, column in after.columns.items():
        if key in before.columns and before.columns[key].not_null and column.not_null:
            yield Identity("not null", tables[key[0]], column.name)
