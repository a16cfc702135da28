"""Rules of domains: rows that have a value of the domain which the rule does not admit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from ...server.quoting import quote_literal
from ..identity import Identity
from .question import KeyOf, Question, counting

KINDS = ("domain constraint", "domain property")
# What a CHECK calls the value is a name that a column may have.
QUERY = text("""
WITH own AS (
    SELECT typ.*, relname, attname
    FROM pg_type AS typ JOIN pg_attribute ON atttypid = typ.oid
        JOIN pg_class ON pg_class.oid = attrelid
    WHERE typnamespace = quote_ident(:schema)::regnamespace AND typtype = 'd'
        AND relnamespace = typnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND attnum > 0 AND NOT attisdropped
)
SELECT 'domain constraint' AS kind, typname AS owner, conname AS name,
    quote_ident(relname) AS source, quote_ident(attname) AS place,
    format('NOT (%s)', pg_get_expr(conbin, 0)) AS misfit,
    format_type(typbasetype, typtypmod) AS base
FROM own JOIN pg_constraint ON contypid = own.oid AND contype = 'c'
UNION ALL
SELECT 'domain property', typname, 'NOT NULL', quote_ident(relname), quote_ident(attname),
    'VALUE IS NULL', format_type(typbasetype, typtypmod)
FROM own WHERE typnotnull
ORDER BY kind, owner, name
""")


def ask(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule``, with one of ``parts`` for each column of the domain."""
    find = " UNION ALL ".join(
        f"SELECT concat({quote_literal(f'{part.source}.{part.place} of ')}, place) AS key FROM "  # noqa: S608
        f"(SELECT {key_of(part.source)} AS place, {part.place}::{part.base} AS value "
        f"FROM {part.source}) AS {part.source} WHERE {part.misfit}"
        for part in parts
    )
    return counting(
        rule,
        [part.source for part in parts],
        find,
        misfits="values of the domain that it does not admit",
        fix="Give these rows another value",
    )
