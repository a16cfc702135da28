"""The rules that come between two snapshots, and the questions about them.

Which rules come follows from the snapshots. What a rule says is asked of PostgreSQL where the
schema is as it is afterwards: its expressions, operators and collations, as they print there. The
questions are for the rows as they are before, in the same schema or in another one.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from ..identity import Identity
from ..snapshot import Snapshot, search_path
from . import checks, domains, enums, exclusions, foreign_keys, not_null, unique
from .question import Question

_ASKED = (checks, domains, enums, exclusions, foreign_keys, not_null, unique)
# What gives a new column a value in the rows that are there.
_FILLING = ("default", "identity", "generated expression")


def questions(
    connection: Connection, schema: str, before: Snapshot, after: Snapshot
) -> list[Question]:
    """Return the questions for the rules of ``after`` that ``before`` does not have like that.

    ``connection`` reaches ``schema``, which is as ``after`` says. A table that comes has no rows to
    be asked about; whether the rows take another type, :func:`conversion` asks.
    """
    changed = {
        identity
        for identity, definition in after.items()
        if before.get(identity) != definition and _has_rows(identity, before)
    }
    found: list[Question | None] = []
    with search_path(connection, schema):
        for module in _ASKED:
            rows = connection.execute(module.QUERY, {"schema": schema}).all()
            for rule, group in groupby(rows, lambda row: Identity(row.kind, row.owner, row.name)):
                if rule not in changed:
                    continue
                parts = list(group)
                if module is not_null:
                    found.append(_not_null(rule, parts, before, after))
                elif module is not enums or not enums.only_gains(before.get(rule), parts):
                    found.append(module.ask(rule, parts))
    asked = [question for question in found if question is not None]
    return sorted(asked, key=lambda question: (question.tables, str(question.rule)))


def _has_rows(identity: Identity, before: Snapshot) -> bool:
    """Tell whether there may be rows that ``identity`` says something about."""
    owners = identity.owners or (identity,)
    table = Identity("table", None, identity.table or "")
    return any(owner in before for owner in (*owners, table))


def _not_null(
    rule: Identity, parts: Sequence[Any], before: Snapshot, after: Snapshot
) -> Question | None:
    _, table, name = rule
    if Identity("column", table, name) in before:
        return not_null.ask(rule, parts)
    is_filled = any(Identity(kind, table, name) in after for kind in _FILLING)
    return None if is_filled else not_null.ask_new(rule, parts)
