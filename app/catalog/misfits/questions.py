"""The rules that come between two snapshots, and the questions about them.

Which rules come follows from the snapshots. What a rule says is asked of PostgreSQL where the
schema is as it is afterwards: its expressions, operators and collations, as they print there. The
questions are for the rows as they are before, in the same schema or in another one.
"""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection

from ...server.quoting import quote_identifier
from ..identity import Identity
from ..snapshot import Snapshot, search_path
from . import checks, domains, enums, exclusions, foreign_keys, unique
from .question import Question, about_rows

_ASKED = (checks, domains, enums, exclusions, foreign_keys, unique)
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
    found = list(_not_null(changed, before, after))
    with search_path(connection, schema):
        for module in _ASKED:
            rows = connection.execute(module.QUERY, {"schema": schema}).all()
            for rule, group in groupby(rows, lambda row: Identity(row.kind, row.owner, row.name)):
                parts = list(group)
                if rule not in changed:
                    continue
                if module is enums and enums.only_gains(before.get(rule), parts):
                    continue
                found.append(module.ask(rule, parts))
    return sorted(found, key=lambda question: (question.table, question.rule))


def _has_rows(identity: Identity, before: Snapshot) -> bool:
    """Tell whether there may be rows that ``identity`` says something about."""
    owners = identity.owners or (identity,)
    table = Identity("table", None, identity.table or "")
    return any(owner in before for owner in (*owners, table))


def _not_null(changed: set[Identity], before: Snapshot, after: Snapshot) -> Iterator[Question]:
    for rule in changed:
        kind, table, name = rule
        if kind != "not null" or table is None:
            continue
        if Identity("column", table, name) in before:
            yield about_rows(rule, quote_identifier(table), f"{quote_identifier(name)} IS NULL")
        elif not any(Identity(kind, table, name) in after for kind in _FILLING):
            yield about_rows(rule, quote_identifier(table), None)
