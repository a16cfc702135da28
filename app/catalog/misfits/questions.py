"""The rules that come between two snapshots, and the questions about them.

Which rules come follows from the snapshots. What a rule says is asked of PostgreSQL where the
schema is as it is afterwards: its expressions, operators and collations, as they print there. The
questions are for the rows as they are before, in the same schema or in another one.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from ..identity import Identity
from ..snapshot import Snapshot, search_path
from . import checks, domains, enums, exclusions, foreign_keys, not_null, unique
from .question import KeyOf, Question

_ASKED = (checks, domains, enums, exclusions, foreign_keys, not_null, unique)
_KINDS = {kind for module in _ASKED for kind in module.KINDS}
# What gives a new column a value in the rows that are there.
_FILLING = ("default", "identity", "generated expression")
_KEYS = text("""
SELECT relname AS table, quote_ident(relname) AS source,
    array_agg(attname::text ORDER BY number) AS columns,
    CASE count(*) WHEN 1 THEN min(quote_ident(attname))
         ELSE format('ROW(%s)', string_agg(quote_ident(attname), ', ' ORDER BY number)) END AS key
FROM pg_constraint CROSS JOIN unnest(conkey) WITH ORDINALITY AS part (column_number, number)
    JOIN pg_attribute ON (attrelid, attnum) = (conrelid, column_number)
    JOIN pg_class ON pg_class.oid = conrelid
WHERE contype = 'p' AND relnamespace = quote_ident(:schema)::regnamespace AND NOT relispartition
GROUP BY relname
""")


def rules_between(before: Snapshot, after: Snapshot) -> set[Identity]:
    """Return what in ``after`` may be a rule that rows of ``before`` break."""
    return {
        identity
        for identity, definition in after.items()
        if identity.kind in _KINDS
        and before.get(identity) != definition
        and _has_rows(identity, before)
    }


def questions(
    connection: Connection, schema: str, before: Snapshot, after: Snapshot
) -> list[Question]:
    """Return the questions for the rules of ``after`` that ``before`` does not have like that.

    ``connection`` reaches ``schema``, which is as ``after`` says. A table that comes has no rows to
    be asked about; whether the rows take another type is asked elsewhere.
    """
    changed = rules_between(before, after)
    kinds = {identity.kind for identity in changed}
    modules = [module for module in _ASKED if not kinds.isdisjoint(module.KINDS)]
    if not modules:
        return []
    found: list[Question | None] = []
    with search_path(connection, schema):
        key_of = keys(connection, schema, before)
        for module in modules:
            rows = connection.execute(module.QUERY, {"schema": schema}).all()
            for rule, group in groupby(rows, lambda row: Identity(row.kind, row.owner, row.name)):
                if rule not in changed:
                    continue
                parts = list(group)
                if module is not_null:
                    found.append(_not_null(rule, parts, key_of, before, after))
                elif module is not enums or not enums.only_gains(before.get(rule), parts):
                    found.append(module.ask(rule, parts, key_of))
    asked = [question for question in found if question is not None]
    return sorted(asked, key=lambda question: (question.tables, str(question.rule)))


def keys(connection: Connection, schema: str, before: Snapshot) -> KeyOf:
    """Return what gives the key of a table; a primary key that the rows do not have yet is none."""
    found = {
        row.source: row.key
        for row in connection.execute(_KEYS, {"schema": schema})
        if all(Identity("column", row.table, each) in before for each in row.columns)
    }
    return lambda source: found.get(source.removeprefix("ONLY "), "ctid")


def _has_rows(identity: Identity, before: Snapshot) -> bool:
    """Tell whether there may be rows that ``identity`` says something about."""
    owners = identity.owners or (identity,)
    table = Identity("table", None, identity.table or "")
    return any(owner in before for owner in (*owners, table))


def _not_null(
    rule: Identity, parts: Sequence[Any], key_of: KeyOf, before: Snapshot, after: Snapshot
) -> Question | None:
    _, table, name = rule
    if Identity("column", table, name) in before:
        return not_null.ask(rule, parts, key_of)
    is_filled = any(Identity(kind, table, name) in after for kind in _FILLING)
    return None if is_filled else not_null.ask_new(rule, parts, key_of)
