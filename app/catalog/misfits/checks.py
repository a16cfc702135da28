"""CHECKs: rows for which the condition is false. Unknown is no misfit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from ..identity import Identity
from .question import KeyOf, Question, about_rows

KINDS = ("check constraint",)
QUERY = text("""
SELECT 'check constraint' AS kind, relname AS owner, conname AS name,
    CASE WHEN connoinherit AND relhassubclass AND relkind = 'r' THEN 'ONLY ' ELSE '' END
    || quote_ident(relname) AS source,
    pg_get_expr(conbin, conrelid, true) AS condition
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE relnamespace = quote_ident(:schema)::regnamespace AND NOT relispartition AND contype = 'c'
""")


def ask(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule``, which is in one part."""
    (part,) = parts
    return about_rows(
        rule,
        part.source,
        f"NOT ({part.condition})",
        key=key_of(part.source),
        misfits=f"rows of {part.source} for which it is false",
        fix="Change these rows so that it is true",
    )
