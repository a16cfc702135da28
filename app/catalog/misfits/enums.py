"""Enums that lose values: rows that have one of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from ...server.quoting import quote_literal
from ..identity import Identity
from .question import KeyOf, Question, counting

KINDS = ("type",)
QUERY = text("""
SELECT 'type' AS kind, NULL AS owner, typname AS name,
    quote_ident(relname) AS source, quote_ident(attname) AS place,
    ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = typ.oid) AS labels
FROM pg_type AS typ JOIN pg_attribute ON atttypid = typ.oid
    JOIN pg_class ON pg_class.oid = attrelid
WHERE typnamespace = quote_ident(:schema)::regnamespace AND typtype = 'e'
    AND relnamespace = typnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND attnum > 0 AND NOT attisdropped
ORDER BY kind, name
""")


def ask(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule``, with one of ``parts`` for each column of the type."""
    labels = ", ".join(map(quote_literal, parts[0].labels))
    find = " UNION ALL ".join(
        f"SELECT concat({quote_literal(f'{part.source}.{part.place} of ')}, "  # noqa: S608
        f"{key_of(part.source)}) AS key FROM {part.source} "
        f"WHERE {part.place}::text NOT IN ({labels})"
        for part in parts
    )
    return counting(
        rule,
        [part.source for part in parts],
        find,
        misfits="values that it does not have any more",
        fix="Give these rows another value",
    )


def only_gains(before: str | None, parts: Sequence[Any]) -> bool:
    """Tell whether the enum has all values still that it had, as it printed ``before``."""
    left = before or ""
    for label in parts[0].labels:
        left = left.replace(quote_literal(label), "")
    return "'" not in left
