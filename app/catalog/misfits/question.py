"""What is asked of the rows."""

from dataclasses import dataclass

from ..identity import Identity


@dataclass(frozen=True)
class Question:
    """Which rows of ``table`` does ``rule`` not admit?

    ``find`` is a query that gives them, or the groups of them that are equal; ``count`` says how
    many rows they are. Both are None for a rule that no query asks about. ``pairs``: rows are
    compared with each other, which takes too long unless an index serves it.
    """

    rule: Identity
    table: str
    find: str | None
    count: str | None
    pairs: bool = False


def counting(
    rule: Identity, table: str, find: str, number: str = "count(*)", *, pairs: bool = False
) -> Question:
    """Return the question whose misfits ``find`` gives; ``number`` is how to count them."""
    return Question(rule, table, find, f"SELECT {number} FROM ({find}) AS misfits", pairs)  # noqa: S608


def about_rows(rule: Identity, table: str, condition: str | None) -> Question:
    """Return the question for the rows of ``table`` for which ``condition`` is true, or for all."""
    rows = f"FROM {table}" + (f" WHERE {condition}" if condition else "")
    return Question(rule, table, f"SELECT * {rows}", f"SELECT count(*) {rows}")
