"""NOT NULL: rows that have NULL there, or that get no value in a new column."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from ..identity import Identity
from .question import KeyOf, Question, about_rows

KINDS = ("not null",)
QUERY = text("""
SELECT 'not null' AS kind, relname AS owner, attname AS name,
    quote_ident(relname) AS source, quote_ident(attname) AS place
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = quote_ident(:schema)::regnamespace AND NOT relispartition
    AND relkind IN ('r', 'p') AND attnum > 0 AND attnotnull AND NOT attisdropped
""")


def ask(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule`` on a column that is there already."""
    (part,) = parts
    return about_rows(
        rule,
        part.source,
        f"{part.place} IS NULL",
        key=key_of(part.source),
        misfits=f"rows of {part.source} with NULL there",
        fix="Give these rows a value",
    )


def ask_new(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule`` on a new column that has no value of its own."""
    source = parts[0].source
    return about_rows(
        rule,
        source,
        None,
        key=key_of(source),
        misfits=f"rows of {source} that get no value in the new column",
        fix="Give the column a default, or add it without NOT NULL and fill it first",
    )
