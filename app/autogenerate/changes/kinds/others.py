"""Sequences, extended statistics, comments; and what a person has to write by hand.

What a sequence has counted so far is data.
"""

from alembic.operations import ops

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from ..sides import Sides
from ..sql import quote
from .kind import Kind

_COMMENT = " comment"
_ON_TABLE = {
    "check constraint": "CONSTRAINT",
    "exclusion constraint": "CONSTRAINT",
    "foreign key": "CONSTRAINT",
    "policy": "POLICY",
    "primary key": "CONSTRAINT",
    "rule": "RULE",
    "trigger": "TRIGGER",
    "unique constraint": "CONSTRAINT",
}
_NAMED = {
    "domain": "DOMAIN",
    "extended statistics": "STATISTICS",
    "index": "INDEX",
    "materialized view": "MATERIALIZED VIEW",
    "sequence": "SEQUENCE",
    "table": "TABLE",
    "type": "TYPE",
    "view": "VIEW",
}
_AS_PRINTED = ("aggregate", "function", "procedure")


def _object(identity: Identity) -> str:
    kind, table, name = identity.kind.removesuffix(_COMMENT), identity.table, identity.name
    if kind == "column":
        return f"COLUMN {quote(table or '')}.{quote(name)}"
    if kind == "domain constraint":
        return f"CONSTRAINT {quote(name)} ON DOMAIN {quote(table or '')}"
    if kind in _ON_TABLE:
        return f"{_ON_TABLE[kind]} {quote(name)} ON {quote(table or '')}"
    return f"{_NAMED[kind]} {quote(name)}" if kind in _NAMED else f"{kind.upper()} {name}"


def _set_comment(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"COMMENT ON {_object(identity)} IS {quote_literal(objects[identity])}"]


def _clear_comment(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"COMMENT ON {_object(identity)} IS NULL"]


def _table_op(identity: Identity, sides: Sides) -> ops.MigrateOperation:
    old, new = sides.before.get(identity), sides.after.get(identity)
    if new is None:
        return ops.DropTableCommentOp(identity.name, existing_comment=old)
    return ops.CreateTableCommentOp(identity.name, new, existing_comment=old)


def _column_op(identity: Identity, sides: Sides) -> ops.MigrateOperation:
    table, name = identity.table or "", identity.name
    type_ = sides.type_after(table, name)
    return ops.AlterColumnOp(
        table,
        name,
        existing_type=sides.named_type(type_),
        existing_comment=sides.before.get(identity),
        modify_comment=sides.after.get(identity),
    )


def _kind(name: str) -> Kind:
    operation = {"table": _table_op, "column": _column_op}.get(name, lambda *_: None)
    return Kind(
        create=_set_comment,
        drop=_clear_comment,
        change=lambda identity, _, after: _set_comment(identity, after),
        operation=operation,
    )


def _alter_sequence(identity: Identity, action: str) -> list[str]:
    return [f"ALTER SEQUENCE {quote(identity.table or identity.name)} {action}"]


def _set_owner(identity: Identity, objects: Snapshot) -> list[str]:
    return _alter_sequence(identity, f"OWNED BY {objects[identity]}")


def _set_target(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"ALTER STATISTICS {quote(identity.name)} SET STATISTICS {objects[identity]}"]


def _refuse(identity: Identity, before: Snapshot, after: Snapshot) -> str:
    what = identity.kind.upper()
    if identity.kind.endswith(_COMMENT):
        remedy = f"COMMENT ON {what.removesuffix(_COMMENT.upper())} {identity.name} IS …;"
    elif identity not in after:
        remedy = f"DROP {what} {identity.name};"
    elif identity not in before:
        remedy = f"CREATE {what} …;"
    else:
        remedy = f"ALTER {what} {identity.name} …;"
    return f"Autogenerate writes nothing for the {identity}.\nWrite a revision that runs: {remedy}"


_BY_HAND = (
    "operator",
    "operator class",
    "operator family",
    "cast",
    "transform",
    "collation",
    "conversion",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
)
_REFUSED = Kind(create=lambda *_: [], drop=lambda *_: [], refuse=_refuse)

KINDS = {
    # What the models make where it is not there yet; what is there may be anyone's.
    "extension": Kind(
        create=lambda identity, _: [f"CREATE EXTENSION IF NOT EXISTS {quote(identity.name)}"],
        drop=lambda identity, _: [f"DROP EXTENSION IF EXISTS {quote(identity.name)}"],
    ),
    "sequence": Kind(
        create=lambda identity, objects: [
            f"CREATE SEQUENCE {quote(identity.name)} {objects[identity]}"
        ],
        drop=lambda identity, _: [f"DROP SEQUENCE {quote(identity.name)}"],
        change=lambda identity, _, after: _alter_sequence(identity, after[identity]),
    ),
    "sequence owner": Kind(
        create=_set_owner,
        drop=lambda identity, _: _alter_sequence(identity, "OWNED BY NONE"),
        change=lambda identity, _, after: _set_owner(identity, after),
    ),
    "sequence property": Kind(
        create=lambda identity, objects: _alter_sequence(identity, f"SET {objects[identity]}"),
        drop=lambda identity, _: _alter_sequence(identity, "SET LOGGED"),
    ),
    "extended statistics": Kind(
        create=lambda identity, objects: [
            f"CREATE STATISTICS {quote(identity.name)} {objects[identity]}"
        ],
        drop=lambda identity, _: [f"DROP STATISTICS {quote(identity.name)}"],
    ),
    "statistics target": Kind(
        create=_set_target,
        drop=lambda identity, _: [f"ALTER STATISTICS {quote(identity.name)} SET STATISTICS -1"],
        change=lambda identity, _, after: _set_target(identity, after),
    ),
    **{kind: _REFUSED for name in _BY_HAND for kind in (name, f"{name}{_COMMENT}")},
    **{
        f"{name}{_COMMENT}": _kind(name)
        for name in ("column", "domain constraint", *_ON_TABLE, *_NAMED, *_AS_PRINTED)
    },
}
