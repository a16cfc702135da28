"""How the purpose of an index is written down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """An index (or unique constraint), what it is for, and the query that shows it."""

    index: str
    purpose: str
    sql: str
