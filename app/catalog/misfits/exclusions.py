"""Exclusion constraints, and what PostgreSQL 18 makes of them: keys WITHOUT OVERLAPS."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from ..identity import Identity
from .pairs import conflicting
from .question import KeyOf, Question

KINDS = ("primary key", "unique constraint", "exclusion constraint")
QUERY = text("""
SELECT CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint'
                    ELSE 'exclusion constraint' END AS kind,
    relname AS owner, conname AS name,
    CASE WHEN relhassubclass AND relkind = 'r' THEN 'ONLY ' ELSE '' END
    || quote_ident(relname) AS source,
    pg_get_indexdef(indexrelid, number, true) AS key,
    CASE nspname WHEN 'pg_catalog' THEN oprname::text
         ELSE format('OPERATOR(%s.%s)', quote_ident(nspname), oprname) END AS operator,
    pg_get_expr(indpred, indrelid, true) AS predicate
FROM pg_constraint JOIN pg_index ON indexrelid = conindid
    JOIN pg_class ON pg_class.oid = conrelid
    CROSS JOIN generate_series(1, indnkeyatts) AS number
    JOIN pg_operator ON pg_operator.oid = conexclop[number]
    JOIN pg_namespace ON pg_namespace.oid = oprnamespace
WHERE relnamespace = quote_ident(:schema)::regnamespace AND NOT relispartition
ORDER BY kind, owner, name, number
""")


def ask(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule``, with one of ``parts`` for each key."""
    predicate = parts[0].predicate
    keys, operators = [part.key for part in parts], [part.operator for part in parts]
    conditions = [f"({predicate})"] if predicate else []
    return conflicting(rule, parts[0].source, key_of(parts[0].source), keys, operators, conditions)
