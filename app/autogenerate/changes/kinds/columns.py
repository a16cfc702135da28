"""Columns: type, nullability, default, generated expression, storage.

Defaults are compared by their text in the catalog and never executed.
"""

from alembic.operations import ops
from sqlalchemy import DefaultClause, text
from sqlalchemy.types import TypeEngine

from ....catalog.definitions import column_clause, has_usual_sequence, unquoted
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from ..models import plain_column
from ..sides import Sides
from ..sql import needs_escape, quote
from .enums import ENUM
from .kind import Kind
from .within import is_serial, within_column


def alter_column(identity: Identity, action: str) -> list[str]:
    """Return ALTER COLUMN for a part of a column, which has the column's name."""
    return [
        f"ALTER TABLE {quote(identity.table or '')} ALTER COLUMN {quote(identity.name)} {action}"
    ]


def _add(identity: Identity, objects: Snapshot) -> list[str]:
    _, table, name = identity
    clause = column_clause(objects, table or "", name)
    return [f"ALTER TABLE {quote(table or '')} ADD COLUMN {quote(name)} {clause}"]


def _drop(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"ALTER TABLE {quote(identity.table or '')} DROP COLUMN {quote(identity.name)}"]


def _change_type(identity: Identity, before: Snapshot, after: Snapshot) -> list[str]:
    type_ = after[identity].partition(" COLLATE ")[0]
    # Two enums have the names of their values in common, if anything.
    through = "::text" if _is_enum(identity, before) and _is_enum(identity, after) else ""
    return alter_column(
        identity, f"TYPE {after[identity]} USING {quote(identity.name)}{through}::{type_}"
    )


def _is_enum(identity: Identity, objects: Snapshot) -> bool:
    type_ = unquoted(objects[identity].removesuffix("[]"))[-1]
    return objects.get(Identity("type", None, type_), "").startswith(ENUM)


def _operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    if identity not in sides.after:
        return ops.DropColumnOp(identity.table or "", identity.name)
    change = _type_operation if identity in sides.before else _add_operation
    return change(identity, sides)


def _add_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    table = identity.table or ""
    column = sides.models.column(table, identity.name)
    type_ = sides.named_type(column.type) if column is not None else None
    if (
        column is None
        or type_ is None
        or not has_usual_sequence(sides.after, table, identity.name)
        or needs_escape(column_clause(sides.after, table, identity.name))
        # The sequence is there already, and the rows are to be counted.
        or is_serial(column, sides.after)
    ):
        return None
    return ops.AddColumnOp(table, plain_column(column, type_))


def _type_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    """Return ``op.alter_column``; without USING where the type stays the same but for its size."""
    if identity in sides.recast:
        return None
    table, name = identity.table or "", identity.name
    old = sides.named_type(sides.type_before(table, name))
    new = sides.named_type(sides.type_after(table, name))
    if old is None or new is None or "COLLATE" in sides.after[identity]:
        return None
    return ops.AlterColumnOp(table, name, existing_type=old, modify_type=new)


def _set_not_null(identity: Identity, objects: Snapshot) -> list[str]:
    if objects[identity] == "NOT NULL":
        return alter_column(identity, "SET NOT NULL")
    table, column = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER TABLE {table} ADD NOT NULL {column} NOT VALID"]


def _nullable_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    if sides.after.get(identity, "NOT NULL") != "NOT NULL" or (
        identity in sides.before and (sides.before[identity] != "NOT NULL")
    ):
        return None
    table, name = identity.table or "", identity.name
    return ops.AlterColumnOp(
        table,
        name,
        existing_type=_existing_type(identity, sides),
        modify_nullable=identity not in sides.after,
    )


def _default_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    default = sides.after.get(identity)
    if default is not None and needs_escape(default):
        return None
    return ops.AlterColumnOp(
        identity.table or "",
        identity.name,
        existing_type=_existing_type(identity, sides),
        modify_server_default=None if default is None else DefaultClause(text(default)),
    )


def _existing_type(identity: Identity, sides: Sides) -> TypeEngine[object] | None:
    return sides.named_type(sides.type_after(identity.table or "", identity.name))


def _options(identity: Identity, action: str) -> list[str]:
    table, column = quote(identity.table or ""), quote(identity.name.rpartition(".")[0])
    return [f"ALTER FOREIGN TABLE {table} ALTER COLUMN {column} OPTIONS ({action})"]


def _option(identity: Identity, objects: Snapshot) -> str:
    return f"{quote(identity.name.rpartition('.')[2])} {quote_literal(objects[identity])}"


def _set_property(identity: Identity, objects: Snapshot) -> list[str]:
    return _property(identity, objects[identity])


def _reset_property(identity: Identity, _objects: Snapshot) -> list[str]:
    return _property(identity, None)


def _property(identity: Identity, value: str | None) -> list[str]:
    column, _, name = identity.name.rpartition(".")
    match name:
        case "statistics":
            action = f"SET STATISTICS {value or -1}"
        case "storage" | "compression":
            action = f"SET {name.upper()} {value or 'DEFAULT'}"
        case _:
            action = f"SET ({name} = {value})" if value else f"RESET ({name})"
    return alter_column(Identity("column", identity.table, column), action)


KINDS = {
    "column": Kind(
        create=_add,
        drop=_drop,
        change=_change_type,
        operation=_operation,
        within=within_column,
    ),
    "not null": Kind(
        create=_set_not_null,
        drop=lambda identity, _: alter_column(identity, "DROP NOT NULL"),
        change=lambda identity, _, after: (
            alter_column(identity, "DROP NOT NULL") + _set_not_null(identity, after)
        ),
        operation=_nullable_operation,
    ),
    "default": Kind(
        create=lambda identity, objects: alter_column(identity, f"SET DEFAULT {objects[identity]}"),
        drop=lambda identity, _: alter_column(identity, "DROP DEFAULT"),
        change=lambda identity, _, after: alter_column(identity, f"SET DEFAULT {after[identity]}"),
        operation=_default_operation,
    ),
    # Only PostgreSQL 17 and later can change the expression; the whole column is replaced.
    "generated expression": Kind(
        create=lambda *_: [], drop=lambda identity, _: alter_column(identity, "DROP EXPRESSION")
    ),
    "column property": Kind(
        create=_set_property,
        drop=_reset_property,
        change=lambda identity, _, after: _set_property(identity, after),
    ),
    "column option": Kind(
        create=lambda identity, objects: _options(identity, f"ADD {_option(identity, objects)}"),
        drop=lambda identity, _: _options(
            identity, f"DROP {quote(identity.name.rpartition('.')[2])}"
        ),
        change=lambda identity, _, after: _options(identity, f"SET {_option(identity, after)}"),
    ),
}
