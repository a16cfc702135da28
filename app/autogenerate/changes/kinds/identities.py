"""Identities of columns, and the sequences behind them."""

import re

from ....catalog.definitions import identity_clause
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from .columns import alter_column
from .kind import Kind
from .within import within_identity

_OPTIONS = re.compile("INCREMENT BY|MINVALUE|MAXVALUE|START WITH|CACHE|NO CYCLE|CYCLE")


def _add_identity(identity: Identity, objects: Snapshot) -> list[str]:
    return alter_column(
        identity, f"ADD {identity_clause(objects, identity.table or '', identity.name)}"
    )


def _change_identity(identity: Identity, _before: Snapshot, after: Snapshot) -> list[str]:
    generated, _, options = after[identity].removesuffix(")").partition(" (")
    settings = _OPTIONS.sub(r"SET \g<0>", options)
    return alter_column(identity, f"SET GENERATED {generated} {settings}")


def _rename_sequence(identity: Identity, before: Snapshot, after: Snapshot) -> list[str]:
    return [f"ALTER SEQUENCE {before[identity]} RENAME TO {after[identity]}"]


def _set_sequence_property(identity: Identity, objects: Snapshot) -> list[str]:
    column, _, name = identity.name.rpartition(".")
    sequence = objects[Identity("identity sequence", identity.table, column)]
    value = objects.get(identity)
    if name == "comment":
        return [f"COMMENT ON SEQUENCE {sequence} IS {quote_literal(value) if value else 'NULL'}"]
    if name == "type":
        type_ = value or objects[Identity("column", identity.table, column)]
        return [f"ALTER SEQUENCE {sequence} AS {type_}"]
    return [f"ALTER SEQUENCE {sequence} SET {value or 'LOGGED'}"]


def _reset_sequence_property(identity: Identity, objects: Snapshot) -> list[str]:
    return _set_sequence_property(identity, {k: v for k, v in objects.items() if k != identity})


def _refuse_type(identity: Identity, before: Snapshot, after: Snapshot) -> str | None:
    column, _, name = identity.name.rpartition(".")
    sequence = Identity("identity sequence", identity.table, column)
    if name != "type" or sequence not in after:
        return None
    type_ = after.get(identity) or after[Identity("column", identity.table, column)]
    return (
        f"The identity {identity.table}.{column} counts in another type than the column has on "
        "one side, and which values fit depends on it.\n"
        f"Write a revision that runs: ALTER SEQUENCE {before.get(sequence, '…')} AS {type_};"
    )


KINDS = {
    "identity": Kind(
        create=_add_identity,
        drop=lambda identity, _: alter_column(identity, "DROP IDENTITY"),
        change=_change_identity,
        within=within_identity,
    ),
    # Comes and goes with the identity, under the name that it is to have.
    "identity sequence": Kind(create=lambda *_: [], drop=lambda *_: [], change=_rename_sequence),
    "identity sequence property": Kind(
        create=_set_sequence_property,
        drop=_reset_sequence_property,
        change=lambda identity, _, after: _set_sequence_property(identity, after),
        refuse=_refuse_type,
    ),
}
