"""Tables, their properties and their DEFAULT partitions.

Partitions are the business of maintenance and never appear here.
"""

from collections.abc import Iterator

from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column, Constraint, Integer, PrimaryKeyConstraint, Table

from ....catalog.definitions import column_clause, columns_of, has_usual_sequence
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from ..models import database_type, final_name, plain_check, plain_column
from ..sides import Sides
from ..sql import needs_escape, quote
from .kind import Kind
from .within import constraints_within, is_serial, within_table

_PROPERTIES = {
    "persistence": ("SET {}", "SET LOGGED"),
    "row security": ("{} ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"),
    "forced row security": ("{} ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"),
    "replica identity": ("REPLICA IDENTITY {}", "REPLICA IDENTITY DEFAULT"),
    "tablespace": ("SET TABLESPACE {}", "SET TABLESPACE pg_default"),
    "access method": ("SET ACCESS METHOD {}", "SET ACCESS METHOD heap"),
    "clustered on": ("CLUSTER ON {}", "SET WITHOUT CLUSTER"),
}


def _table(identity: Identity) -> str:
    return quote(identity.table or identity.name)


def _create_table(identity: Identity, objects: Snapshot) -> list[str]:
    name = identity.name
    parts = [
        f"{quote(column)} {column_clause(objects, name, column)}"
        for column in columns_of(objects, name)
    ] + [
        f"CONSTRAINT {quote(each.name)} {objects[each]}"
        for each in constraints_within(name, objects)
    ]
    kind, _, options = objects[identity].partition("TABLE")
    body = ",\n    ".join(parts)
    return [f"CREATE {kind}TABLE {quote(name)} (\n    {body}\n){options}"]


def _drop_table(identity: Identity, objects: Snapshot) -> list[str]:
    foreign = "FOREIGN " if _is_foreign(identity, objects) else ""
    return [f"DROP {foreign}TABLE {quote(identity.name)}"]


def _is_foreign(identity: Identity, objects: Snapshot) -> bool:
    return objects[identity].startswith("FOREIGN ")


def _operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    if identity in sides.after:
        return _create_operation(identity, sides)
    return None if _is_foreign(identity, sides.before) else ops.DropTableOp(identity.name)


def _create_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    """Return ``op.create_table``, without foreign keys: those wait until all tables exist."""
    table = sides.models.table(identity.name)
    if table is None:
        return None
    inline = within_table(identity, sides.after, sides.models)
    if not _renders_exactly(table, inline, sides):
        return None
    names = {each.name for each in inline}
    op = ops.CreateTableOp.from_table(table)
    op.info = {}
    op.columns = [*_columns(table, sides), *_constraints(table, names)]
    return op


def _columns(table: Table, sides: Sides) -> Iterator[Column[object]]:
    for column in table.columns:
        counts = is_serial(column, sides.after) if _may_count(column) else None
        # Of a key on its own, SQLAlchemy makes a SERIAL by itself.
        alone = len(table.primary_key.columns) == 1
        type_ = sides.named_type(column.type) or column.type
        yield plain_column(column, type_, counts=None if counts is alone else counts)


def _may_count(column: Column[object]) -> bool:
    return (
        column.primary_key
        and column.identity is None
        and isinstance(database_type(column.type), Integer)
    )


def _constraints(table: Table, names: set[str]) -> Iterator[Constraint]:
    for each in table.constraints:
        if isinstance(each, PrimaryKeyConstraint):
            yield each
        elif final_name(each) in names:
            yield plain_check(each) if isinstance(each, CheckConstraint) else each


def _renders_exactly(table: Table, inline: set[Identity], sides: Sides) -> bool:
    objects = sides.after
    key = [each for each in constraints_within(table.name, objects) if each.kind == "primary key"]
    return (
        inline.issuperset(key)
        and all(
            sides.named_type(column.type) is not None
            and has_usual_sequence(objects, table.name, column.name)
            for column in table.columns
        )
        and not any(needs_escape(objects[each]) for each in inline if " comment" not in each.kind)
    )


def _refuse_table(identity: Identity, before: Snapshot, after: Snapshot) -> str | None:
    if identity not in before or identity not in after:
        return None
    old, new = before[identity], after[identity]
    if "PARTITION BY" in old or "PARTITION BY" in new:
        return (
            f'The partition key of table "{identity.name}" cannot be altered in place.\n'
            f"    database: {old}\n    models:   {new}\n"
            "Write the revision by hand: create the table anew under another name, copy the rows, "
            "and rename it."
        )
    return (
        f'What table "{identity.name}" is cannot be altered in place.\n'
        f"    database: {old}\n    models:   {new}\nWrite the revision by hand."
    )


def _set_property(identity: Identity, objects: Snapshot) -> list[str]:
    action = _PROPERTIES[identity.name][0].format(objects[identity])
    return [f"ALTER TABLE {_table(identity)} {action}"]


def _reset_property(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"ALTER TABLE {_table(identity)} {_PROPERTIES[identity.name][1]}"]


def _set_parameter(identity: Identity, objects: Snapshot) -> list[str]:
    value = objects[identity]
    shown = value if value.replace(".", "").isalnum() else quote_literal(value)
    return [f"ALTER TABLE {_table(identity)} SET ({identity.name} = {shown})"]


def _reset_parameter(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"ALTER TABLE {_table(identity)} RESET ({identity.name})"]


def _create_default(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE TABLE {objects[identity]} PARTITION OF {_table(identity)} DEFAULT"]


def _drop_default(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"DROP TABLE {objects[identity]}"]


def _rename_default(identity: Identity, before: Snapshot, after: Snapshot) -> list[str]:
    return [f"ALTER TABLE {before[identity]} RENAME TO {after[identity]}"]


KINDS = {
    "table": Kind(
        create=_create_table,
        drop=_drop_table,
        operation=_operation,
        within=within_table,
        refuse=_refuse_table,
    ),
    "table property": Kind(
        create=_set_property,
        drop=_reset_property,
        change=lambda identity, _, after: _set_property(identity, after),
    ),
    "storage parameter": Kind(
        create=_set_parameter,
        drop=_reset_parameter,
        change=lambda identity, _, after: _set_parameter(identity, after),
    ),
    "default partition": Kind(create=_create_default, drop=_drop_default, change=_rename_default),
}
