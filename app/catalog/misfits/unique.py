"""Unique constraints, primary keys and unique indexes: rows that are equal to others in them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from ..identity import Identity
from .pairs import conflicting
from .question import KeyOf, Question, counting

KINDS = ("primary key", "unique constraint", "index")
# GROUP BY finds equal what the default operator class does; a collation may be another than the
# column's, and counts where it finds different strings equal.
QUERY = text("""
SELECT CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint'
                    ELSE 'index' END AS kind,
    relation.relname AS owner, coalesce(conname, ind.relname) AS name,
    CASE WHEN relation.relhassubclass AND relation.relkind = 'r' THEN 'ONLY ' ELSE '' END
    || quote_ident(relation.relname) AS source,
    pg_get_indexdef(indexrelid, number, true)
    || CASE WHEN collisdeterministic THEN ''
            ELSE coalesce(' COLLATE ' || pg_collation.oid::regcollation, '') END AS key,
    pg_get_expr(indpred, indrelid, true) AS predicate,
    indnullsnotdistinct AS nulls_are_equal,
    coalesce(same.amopopr = usual.amopopr, false) AS is_usual,
    CASE nspname WHEN 'pg_catalog' THEN oprname::text
         ELSE format('OPERATOR(%s.%s)', quote_ident(nspname), oprname) END AS equals
FROM pg_index JOIN pg_class AS ind ON ind.oid = indexrelid
    JOIN pg_class AS relation ON relation.oid = indrelid
    CROSS JOIN generate_series(1, indnkeyatts) AS number
    JOIN pg_opclass AS class ON class.oid = indclass[number - 1]
    JOIN pg_amop AS same ON same.amopfamily = opcfamily AND same.amopstrategy = 3
        AND (same.amoplefttype, same.amoprighttype) = (opcintype, opcintype)
    JOIN pg_operator ON pg_operator.oid = same.amopopr
    JOIN pg_namespace ON pg_namespace.oid = oprnamespace
    LEFT JOIN pg_opclass AS standard ON standard.opcdefault
        AND (standard.opcmethod, standard.opcintype) = (class.opcmethod, class.opcintype)
    LEFT JOIN pg_amop AS usual ON usual.amopfamily = standard.opcfamily AND usual.amopstrategy = 3
        AND (usual.amoplefttype, usual.amoprighttype) = (class.opcintype, class.opcintype)
    LEFT JOIN pg_collation ON pg_collation.oid = indcollation[number - 1]
    LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('p', 'u')
WHERE relation.relnamespace = quote_ident(:schema)::regnamespace AND NOT relation.relispartition
    AND indisunique AND NOT indisexclusion
ORDER BY kind, owner, name, number
""")


def ask(rule: Identity, parts: Sequence[Any], key_of: KeyOf) -> Question:
    """Return the question for ``rule``, with one of ``parts`` for each key."""
    first = parts[0]
    keys = [part.key for part in parts]
    row = key_of(first.source)
    conditions = [f"({first.predicate})"] if first.predicate else []
    if not all(part.is_usual for part in parts):
        operators = [part.equals for part in parts]
        return conflicting(rule, first.source, row, keys, operators, conditions)
    if not first.nulls_are_equal:
        conditions += [f"{key} IS NOT NULL" for key in keys]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    find = (
        f"SELECT array_agg({row}) AS key, count(*) AS rows FROM {first.source}{where} "  # noqa: S608
        f"GROUP BY {', '.join(f'({key})' for key in keys)} HAVING count(*) > 1"
    )
    return counting(
        rule,
        [first.source],
        find,
        "sum(rows)",
        misfits=f"rows of {first.source} that are equal to others in it",
        fix="Merge or change rows until each is there once",
    )
