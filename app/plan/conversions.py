"""Columns that get another type, and the question whether their rows take it."""

from collections.abc import Collection, Iterator

from ..catalog.identity import Identity
from ..catalog.misfits import Question
from ..compat import PostgresqlColumnType
from ..revisions.guards import trial
from ..server.quoting import quote_identifier
from .effects import Effects
from .judging import Casts, narrowed_columns
from .tracing import Traced

FOUND = "misfits.found"

_PLAIN = ("ALTER TABLE", "DO")
_BLOCK = """\
DO $misfits$
DECLARE
    found bigint := 0;
    keys text[];{declared}
BEGIN
{asked}
    PERFORM set_config('misfits.found', found::text, false);
END
$misfits$"""


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


def conversion(column: Identity, table: str, type_: str, expression: str) -> Question:
    """Return the question which rows do not become ``type_`` by ``expression``, as USING has it.

    ``column`` is the one that gets the type, ``table`` its table as SQL has it. To count, the block
    is run, and the setting ``FOUND`` read; there is no query that gives the rows.
    """
    declared, asked = trial(table, type_, expression, "ctid")
    return Question(column, (table,), None, _BLOCK.format(declared=declared, asked=asked))


def _expression(traced: Traced, column: str) -> str | None:
    """Return what the new values are made of: what USING says; None if it cannot be told.

    Written as SQL, a statement has no USING if the word is nowhere in it.
    """
    if isinstance(traced.element, PostgresqlColumnType):
        return str(traced.element.using or column)
    is_plain = traced.tag in _PLAIN and "using" not in traced.sql.lower()
    return column if is_plain else None
