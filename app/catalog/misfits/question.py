"""What is asked of the rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..identity import Identity


@dataclass(frozen=True)
class Question:
    """Which rows does ``rule`` not admit?

    ``find`` is a query that gives them, or the groups of them that are equal; ``count`` says how
    many rows they are. Both are None for a rule that no query asks about. ``tables`` are those that
    are read, as SQL has them. ``pairs``: rows are compared with each other, which takes too long
    unless an index serves it.
    """

    rule: Identity
    tables: tuple[str, ...]
    find: str | None
    count: str | None
    pairs: bool = False


def about_rows(
    rule: Identity, source: str, condition: str | None, *others: str, alias: str = ""
) -> Question:
    """Return the question for the rows of ``source`` for which ``condition`` is true, or for all.

    ``alias`` is what the condition calls the table; ``others`` are tables that it reads.
    """
    rows = f"FROM {source}{alias}" + (f" WHERE {condition}" if condition else "")
    tables = tables_of([source, *others])
    return Question(rule, tables, f"SELECT * {rows}", f"SELECT count(*) {rows}")


def counting(
    rule: Identity,
    sources: Iterable[str],
    find: str,
    number: str = "count(*)",
    *,
    pairs: bool = False,
) -> Question:
    """Return the question whose misfits ``find`` gives; ``number`` is how to count them."""
    count = f"SELECT {number} FROM ({find}) AS misfits"  # noqa: S608
    return Question(rule, tables_of(sources), find, count, pairs)


def tables_of(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the tables that stand behind FROM, with or without ONLY."""
    return tuple(sorted({source.removeprefix("ONLY ") for source in sources}))
