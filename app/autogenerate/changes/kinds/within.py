"""What comes with a table or a column when it is created, and needs no statement of its own."""

from collections.abc import Iterable

from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint, Table, UniqueConstraint

from ....catalog.definitions import of_table, owned_sequences, unquoted, usual_name
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..models import Models, final_name
from ..sql import quote

_COLUMN_PARTS = ("not null", "default", "identity", "identity sequence", "generated expression")
_CONSTRAINTS = ("primary key", "unique constraint", "check constraint", "exclusion constraint")
_KEYS = ("primary key", "unique constraint", "exclusion constraint")
_COUNTED = {
    type_: f"AS {type_} INCREMENT BY 1 MINVALUE 1 MAXVALUE {2**bits - 1} START WITH 1 CACHE 1"
    " NO CYCLE"
    for type_, bits in (("smallint", 15), ("integer", 31), ("bigint", 63))
}
# What may follow a definition that sa.CheckConstraint and its like do not say.
_CHECK_OPTIONS = (" NOT VALID", " NO INHERIT", " NOT ENFORCED")


def constraints_within(table: str, objects: Snapshot) -> list[Identity]:
    """Return the constraints that CREATE TABLE can hold: all but foreign keys, and each once.

    Of two over the same columns it makes the primary key, or the first, and drops the other.
    """
    found = [each for each in of_table(objects, table) if each.kind in _CONSTRAINTS]
    made: dict[str, Identity] = {}
    for each in sorted(found, key=lambda each: each.kind != "primary key"):
        columns = objects[each].removeprefix("PRIMARY KEY ").removeprefix("UNIQUE ")
        made.setdefault(columns if each.kind in _KEYS else each.name, each)
    return [each for each in found if each in made.values()]


def serial_of(objects: Snapshot, table: str, column: str) -> str | None:
    """Return the sequence of a column that is SERIAL: its default, and by its usual name."""
    name = usual_name(table, column, "seq")
    if name not in owned_sequences(objects, table, column):
        return None
    default = objects.get(Identity("default", table, column), "")
    usual = _COUNTED.get(objects.get(Identity("column", table, column), ""))
    is_usual = objects.get(Identity("sequence", None, name)) == usual
    return name if is_usual and default.startswith("nextval(") else None


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
    return {part for part in parts if _declares(model, part, objects)}.union(said)


def _declares(column: Column[object], part: Identity, objects: Snapshot) -> bool:
    """Tell whether the model says it; what a handler of DDL events adds comes by itself."""
    match part.kind:
        case "not null":
            return not column.nullable or column.primary_key
        case "default":
            return column.server_default is not None or is_serial(column, objects)
        case "generated expression":
            return column.computed is not None
    return column.identity is not None


def is_serial(column: Column[object], objects: Snapshot) -> bool:
    """Tell whether a column of a new table is SERIAL, as SQLAlchemy makes keys."""
    return (
        column.primary_key
        and column.server_default is None
        and serial_of(objects, column.table.name, column.name) is not None
    )


def within_identity(
    identity: Identity, objects: Snapshot, _models: Models | None = None
) -> set[Identity]:
    """Return what comes with an identity: its sequence, under its name."""
    return {Identity("identity sequence", identity.table, identity.name)} & objects.keys()


def within_table(table: Identity, objects: Snapshot, models: Models | None = None) -> set[Identity]:
    """Return what CREATE TABLE brings along; with ``models``, what ``op.create_table`` does."""
    name = table.name
    columns = {each for each in of_table(objects, name) if each.kind == "column"}
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
                if _lists(definition, "PRIMARY KEY", model.primary_key):
                    yield identity
            case "unique constraint" if isinstance(constraint, UniqueConstraint):
                if _lists(definition, "UNIQUE", constraint):
                    yield identity
            case "check constraint" if isinstance(constraint, CheckConstraint):
                if not definition.endswith(_CHECK_OPTIONS):
                    yield identity


def _lists(definition: str, what: str, constraint: PrimaryKeyConstraint | UniqueConstraint) -> bool:
    """Tell whether a definition is a list of the columns that the models name, and no more."""
    begin = f"{what} ("
    if not (definition.startswith(begin) and definition.endswith(")")):
        return False
    listed = [quote(column.name) for column in constraint.columns]
    printed = definition.removeprefix(begin).removesuffix(")")
    return printed == ", ".join(listed) or [
        name for part in printed.split(", ") for name in unquoted(part)
    ] == [column.name for column in constraint.columns]


def _serial(table: str, objects: Snapshot, model: Table) -> Iterable[Identity]:
    """Yield the sequence behind a SERIAL key, and that it belongs to the column."""
    for column in model.primary_key.columns:
        sequence = serial_of(objects, table, column.name)
        if sequence is not None and is_serial(column, objects):
            yield Identity("sequence owner", None, sequence)
            yield Identity("sequence", None, sequence)
