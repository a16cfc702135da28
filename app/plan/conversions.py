"""Columns that get another type, and the question whether their rows take it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..catalog.casts import Types
from ..catalog.identity import Identity
from ..catalog.misfits import Question
from ..compat import PostgresqlColumnType
from ..revisions.guards import GuardOp, trial
from ..server.quoting import quote_identifier, quote_literal
from .effects import Effects
from .judging import narrowed_columns
from .observation import Observation
from .tracing import Traced

FOUND = "misfits.found"

_WHOLE = ("smallint", "integer", "bigint")
_FRACTIONS = ("numeric", "real", "double precision")
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


@dataclass(frozen=True)
class Conversion:
    """A column that gets another type, which may not take every row that is there.

    ``name`` and ``table`` are as SQL has them, and so are the types. ``using`` is what the new
    values are made of, as USING says; None if that cannot be told.
    """

    column: Identity
    table: str
    name: str
    old: str
    new: str
    using: str | None

    def question(self) -> Question:
        """Return the question for the rows; to count, its block is run, and ``FOUND`` read."""
        if self.using is None:
            return Question(self.column, (self.table,), None, None)
        declared, asked = trial(self.table, self.new, self.using, "ctid")
        block = _BLOCK.format(declared=declared, asked=asked)
        return Question(self.column, (self.table,), None, block)

    def guard(self, key: str) -> GuardOp | None:
        """Return the guard that asks the rows, whose ``key`` is an expression; None if none can.

        The query that it tells reads what was printed, and so may find more; what has a fraction is
        rounded to whole numbers.
        """
        if self.using is None:
            return None
        rounds = self.new in _WHOLE and self.old.partition("(")[0] in _FRACTIONS
        printed = f"round({self.name})::text" if rounds else f"{self.name}::text"
        return GuardOp(
            str(self.column),
            f"rows of {self.table} whose {self.using} is no {self.new}",
            f"SELECT {key} AS key FROM {self.table} "  # noqa: S608
            f"WHERE NOT pg_input_is_valid({printed}, {quote_literal(self.new)})",
            "Change these rows so that it is one",
            tried=self.using,
            into=self.new,
            table=self.table,
            key=key,
        )


def types_changed(statements: Iterable[Traced]) -> set[tuple[str, str]]:
    """Return the types that ``statements`` take from columns, each with what it gives instead."""
    return {
        (column.type, traced.after.columns[key].type)
        for traced in statements
        for key, column in traced.before.columns.items()
        if key in traced.after.columns and traced.after.columns[key].type != column.type
    }


def conversions(
    traced: Traced,
    effects: Effects,
    fitting: Types,
    new_types: Collection[str],
    first: Observation,
) -> Iterator[Conversion]:
    """Yield the columns that ``traced`` gives another type, for which the rows are written anew.

    They are called as they were at ``first``, when the rows are asked.
    The types of ``new_types`` are not there yet, or not as they will be: the rules they bring are
    asked about elsewhere.
    """
    for oid, number in narrowed_columns(traced, effects, fitting):
        column, new = (each.columns[oid, number] for each in (traced.before, traced.after))
        if any(name in new.type for name in new_types):
            continue
        relation = first.relations.get(oid, traced.start.relations[oid])
        called = first.columns.get((oid, number), column).name
        using = _using(traced, quote_identifier(column.name), quote_identifier(called))
        rule = Identity("column", relation.bare, called)
        name = quote_identifier(called)
        yield Conversion(rule, relation.name, name, column.type, new.type, using)


def _using(traced: Traced, column: str, called: str) -> str | None:
    """Return what USING says of ``column``, which was ``called`` so at first.

    None if it cannot be told: written as SQL, a statement has no USING if the word is nowhere in
    it; and what an expression calls by another name, only PostgreSQL could tell.
    """
    if isinstance(traced.element, PostgresqlColumnType):
        given = traced.element.using
        if given and column != called:
            return None
        return str(given or called)
    is_plain = traced.tag in _PLAIN and "using" not in traced.sql.lower()
    return called if is_plain else None
