"""What comes with a table or a column when it is created, and needs no statement of its own."""

from collections.abc import Iterable

from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint, Table, UniqueConstraint

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..models import Models, final_name
from ..sql import quote

_COLUMN_PARTS = ("not null", "default", "identity", "identity sequence", "generated expression")
_CONSTRAINTS = ("primary key", "unique constraint", "check constraint", "exclusion constraint")
# What may follow a definition that sa.CheckConstraint and its like do not say.
_CHECK_OPTIONS = (" NOT VALID", " NO INHERIT", " NOT ENFORCED")


def constraints_within(table: str, objects: Snapshot) -> list[Identity]:
    """Return the constraints that CREATE TABLE can hold: all but foreign keys."""
    return [each for each in objects if each.table == table and each.kind in _CONSTRAINTS]


def within_column(
    column: Identity, objects: Snapshot, models: Models | None = None
) -> set[Identity]:
    """Return what ADD COLUMN brings along; with ``models``, what ``op.add_column`` does."""
    _, table, name = column
    parts = {Identity(kind, table, name) for kind in _COLUMN_PARTS} & objects.keys()
    model = models.column(table or "", name) if models is not None else None
    if model is None:
        return parts
    comment = Identity("column comment", table, name)
    said = {comment} if model.comment is not None and model.comment == objects.get(comment) else {}
    return {part for part in parts if _declares(model, part.kind)}.union(said)


def _declares(column: Column[object], kind: str) -> bool:
    """Tell whether the model says it; what a handler of DDL events adds comes by itself."""
    match kind:
        case "not null":
            return not column.nullable or column.primary_key
        case "default":
            key = column.table.autoincrement_column
            return column.server_default is not None or column is key
        case "generated expression":
            return column.computed is not None
    return column.identity is not None


def within_identity(
    identity: Identity, objects: Snapshot, _models: Models | None = None
) -> set[Identity]:
    """Return what comes with an identity: its sequence, under its name."""
    return {Identity("identity sequence", identity.table, identity.name)} & objects.keys()


def within_table(table: Identity, objects: Snapshot, models: Models | None = None) -> set[Identity]:
    """Return what CREATE TABLE brings along; with ``models``, what ``op.create_table`` does."""
    name = table.name
    columns = {each for each in objects if each.kind == "column" and each.table == name}
    found = columns.union(*(within_column(column, objects, models) for column in columns))
    model = models.table(name) if models is not None else None
    if model is None:
        return found.union(constraints_within(name, objects))
    comment = Identity("table comment", None, name)
    if model.comment is not None and model.comment == objects.get(comment):
        found.add(comment)
    found.update(_plain_constraints(name, objects, model))
    for parameter in model.dialect_options["postgresql"]["with"] or ():
        found.update({Identity("storage parameter", name, parameter)} & objects.keys())
    persistence = Identity("table property", name, "persistence")
    if persistence in objects and "UNLOGGED" in ops.CreateTableOp.from_table(model).prefixes:
        found.add(persistence)
    return found.union(_serial(name, objects, model))


def _plain_constraints(table: str, objects: Snapshot, model: Table) -> Iterable[Identity]:
    """Yield the constraints that Alembic renders to the letter."""
    declared = {final_name(constraint): constraint for constraint in model.constraints}
    for identity in constraints_within(table, objects):
        definition = objects[identity]
        constraint = declared.get(identity.name)
        match identity.kind:
            case "primary key":
                # Without a name in the models it still is the only one.
                if definition == f"PRIMARY KEY ({_columns(model.primary_key)})":
                    yield identity
            case "unique constraint" if isinstance(constraint, UniqueConstraint):
                if definition == f"UNIQUE ({_columns(constraint)})":
                    yield identity
            case "check constraint" if isinstance(constraint, CheckConstraint):
                if not definition.endswith(_CHECK_OPTIONS):
                    yield identity


def _columns(constraint: PrimaryKeyConstraint | UniqueConstraint) -> str:
    return ", ".join(quote(column.name) for column in constraint.columns)


def _serial(table: str, objects: Snapshot, model: Table) -> Iterable[Identity]:
    """Yield the sequence behind a SERIAL key, and that it belongs to the column."""
    key = model.autoincrement_column
    if key is None or key.server_default is not None:
        return
    for identity, owner in objects.items():
        if identity.kind == "sequence owner" and owner == f"{quote(table)}.{quote(key.name)}":
            yield identity
            yield Identity("sequence", None, identity.name)
