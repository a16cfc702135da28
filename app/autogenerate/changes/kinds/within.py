"""What comes with a table or a column when it is created, and needs no statement of its own."""

from collections.abc import Iterable

from alembic.operations import ops
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, Table, UniqueConstraint

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..models import Models, final_name
from ..sql import quote

_COLUMN_PARTS = ("not null", "default", "identity", "generated expression")
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
    kinds = _COLUMN_PARTS if models is None else (*_COLUMN_PARTS, "column comment")
    return {Identity(kind, table, name) for kind in kinds} & objects.keys()


def within_table(table: Identity, objects: Snapshot, models: Models | None = None) -> set[Identity]:
    """Return what CREATE TABLE brings along; with ``models``, what ``op.create_table`` does."""
    name = table.name
    columns = {each for each in objects if each.kind == "column" and each.table == name}
    found = columns.union(*(within_column(column, objects, models) for column in columns))
    model = models.table(name) if models is not None else None
    if model is None:
        return found.union(constraints_within(name, objects))
    found.update({Identity("table comment", None, name)} & objects.keys())
    found.update(_plain_constraints(name, objects, model))
    if model.dialect_options["postgresql"]["with"]:
        found.update(e for e in objects if e.kind == "storage parameter" and e.table == name)
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
