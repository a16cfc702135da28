"""Columns that get another type, and the question whether their rows take it."""

from collections.abc import Collection, Iterator

from ..catalog.identity import Identity
from ..catalog.misfits import Question, conversion
from ..compat import PostgresqlColumnType
from ..server.quoting import quote_identifier
from .effects import Effects
from .judging import Casts, narrowed_columns
from .tracing import Traced

_PLAIN = ("ALTER TABLE", "DO")


def conversions(
    traced: Traced, effects: Effects, casts: Casts, new_types: Collection[str]
) -> Iterator[Question]:
    """Yield the questions for the columns that ``traced`` gives another type.

    The types of ``new_types`` are not there yet, or not as they will be: the rules they bring are
    asked about elsewhere.
    """
    for oid, number in narrowed_columns(traced, effects, casts):
        relation = traced.start.relations[oid]
        column, new = (each.columns[oid, number] for each in (traced.before, traced.after))
        if any(name in new.type for name in new_types):
            continue
        rule = Identity("column", relation.bare, column.name)
        expression = _expression(traced, quote_identifier(column.name))
        if expression is None:
            yield Question(rule, (relation.name,), None, None)
        else:
            yield conversion(rule, relation.name, new.type, expression)


def _expression(traced: Traced, column: str) -> str | None:
    """Return what the new values are made of: what USING says; None if it cannot be told.

    Written as SQL, a statement has no USING if the word is nowhere in it.
    """
    if isinstance(traced.element, PostgresqlColumnType):
        return str(traced.element.using or column)
    is_plain = traced.tag in _PLAIN and "using" not in traced.sql.lower()
    return column if is_plain else None
