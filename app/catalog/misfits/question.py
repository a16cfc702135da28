"""What is asked of the rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..identity import Identity

KeyOf = Callable[[str], str]
"""Gives the key of a table's rows, as an expression, for the table as it stands behind FROM."""


@dataclass(frozen=True)
class Question:
    """Which rows does ``rule`` not admit?

    ``find`` is a query that gives the ``key`` of each, or of all in a group that are equal;
    ``count`` says how many rows they are. Both are None for a rule that no query asks about.
    ``tables`` are those that are read, as SQL has them. ``pairs``: rows are compared with each
    other, which takes too long unless an index serves it. ``misfits`` says in words what they are,
    ``fix`` what to do with them, ``number`` how to count what ``find`` gives.
    """

    rule: Identity
    tables: tuple[str, ...]
    find: str | None
    count: str | None
    pairs: bool = False
    misfits: str = ""
    fix: str = ""
    number: str = "count(*)"


def about_rows(
    rule: Identity,
    source: str,
    condition: str | None,
    *others: str,
    alias: str = "",
    key: str | None = None,
    misfits: str = "",
    fix: str = "",
) -> Question:
    """Return the question for the rows of ``source`` for which ``condition`` is true, or for all.

    ``alias`` is what the condition calls the table; ``others`` are tables that it reads.
    """
    rows = f"FROM {source}{alias}" + (f" WHERE {condition}" if condition else "")
    find = f"SELECT {key} AS key {rows}" if key else f"SELECT * {rows}"
    count = f"SELECT count(*) {rows}"
    return Question(rule, tables_of([source, *others]), find, count, misfits=misfits, fix=fix)


def counting(
    rule: Identity,
    sources: Iterable[str],
    find: str,
    number: str = "count(*)",
    *,
    pairs: bool = False,
    misfits: str,
    fix: str,
) -> Question:
    """Return the question whose misfits ``find`` gives; ``number`` is how to count them."""
    count = f"SELECT coalesce({number}, 0)::bigint FROM ({find}) AS misfits"  # noqa: S608
    return Question(rule, tables_of(sources), find, count, pairs, misfits, fix, number)


def tables_of(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the tables that stand behind FROM, with or without ONLY."""
    return tuple(sorted({source.removeprefix("ONLY ") for source in sources}))
