"""Comments on objects of every kind."""

from alembic.operations import ops

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from ..models import can_be_named
from ..sides import Sides
from ..sql import quote
from .kind import Kind

_SUFFIX = " comment"
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
    kind, table, name = identity.kind.removesuffix(_SUFFIX), identity.table, identity.name
    if kind == "column":
        return f"COLUMN {quote(table or '')}.{quote(name)}"
    if kind == "domain constraint":
        return f"CONSTRAINT {quote(name)} ON DOMAIN {quote(table or '')}"
    if kind in _ON_TABLE:
        return f"{_ON_TABLE[kind]} {quote(name)} ON {quote(table or '')}"
    return f"{_NAMED[kind]} {quote(name)}" if kind in _NAMED else f"{kind.upper()} {name}"


def _set(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"COMMENT ON {_object(identity)} IS {quote_literal(objects[identity])}"]


def _clear(identity: Identity, _objects: Snapshot) -> list[str]:
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
        existing_type=type_ if can_be_named(type_) else None,
        existing_comment=sides.before.get(identity),
        modify_comment=sides.after.get(identity),
    )


def _kind(name: str) -> Kind:
    operation = {"table": _table_op, "column": _column_op}.get(name, lambda *_: None)
    return Kind(
        create=_set,
        drop=_clear,
        change=lambda identity, _, after: _set(identity, after),
        operation=operation,
    )


KINDS = {
    f"{name}{_SUFFIX}": _kind(name)
    for name in ("column", "domain constraint", *_ON_TABLE, *_NAMED, *_AS_PRINTED)
}
