"""Foreign keys: rows that refer to none."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from ..identity import Identity
from .question import KeyOf, Question, about_rows, tables_of

KINDS = ("foreign key",)
# PostgreSQL 18 has keys over periods, whose parent is several rows together.
QUERY = text("""
SELECT 'foreign key' AS kind, child.relname AS owner, conname AS name,
    CASE WHEN child.relhassubclass AND child.relkind = 'r' THEN 'ONLY ' ELSE '' END
    || quote_ident(child.relname) AS source,
    CASE WHEN parent.relhassubclass AND parent.relkind = 'r' THEN 'ONLY ' ELSE '' END
    || parent.oid::regclass AS parent,
    quote_ident(own.attname) AS key, quote_ident(others.attname) AS referenced,
    CASE nspname WHEN 'pg_catalog' THEN oprname::text
         ELSE format('OPERATOR(%s.%s)', quote_ident(nspname), oprname) END AS equals,
    confmatchtype = 'f' AS is_full,
    coalesce((to_jsonb(con) ->> 'conperiod')::boolean, false) AS is_period
FROM pg_constraint AS con JOIN pg_class AS child ON child.oid = conrelid
    JOIN pg_class AS parent ON parent.oid = confrelid
    CROSS JOIN generate_series(1, cardinality(conkey)) AS number
    JOIN pg_attribute AS own ON (own.attrelid, own.attnum) = (conrelid, conkey[number])
    JOIN pg_attribute AS others
        ON (others.attrelid, others.attnum) = (confrelid, confkey[number])
    JOIN pg_operator ON pg_operator.oid = conpfeqop[number]
    JOIN pg_namespace ON pg_namespace.oid = oprnamespace
WHERE contype = 'f' AND conparentid = 0 AND NOT child.relispartition
    AND child.relnamespace = quote_ident(:schema)::regnamespace
ORDER BY kind, owner, name, number
""")


def ask(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule``, with one of ``parts`` for each column."""
    first = parts[0]
    if first.is_period:
        return Question(rule, tables_of([first.source, first.parent]), None, None)
    is_there = " AND ".join(
        f"parent.{part.referenced} {part.equals} child.{part.key}" for part in parts
    )
    orphan = f"NOT EXISTS (SELECT FROM {first.parent} AS parent WHERE {is_there})"
    refers = " AND ".join(f"child.{part.key} IS NOT NULL" for part in parts)
    condition = f"{refers} AND {orphan}"
    if first.is_full and len(parts) > 1:
        keys = ", ".join(f"child.{part.key}" for part in parts)
        partly = f"num_nulls({keys}) BETWEEN 1 AND {len(parts) - 1}"
        condition = f"{partly} OR {condition}"
    return about_rows(
        rule,
        first.source,
        condition,
        first.parent,
        alias=" AS child",
        key=key_of(first.source),
        misfits=f"rows of {first.source} that refer to no row of {first.parent}",
        fix="Add what they refer to, let them refer to something else, or delete them",
    )
