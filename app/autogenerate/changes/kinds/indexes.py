"""Constraints and indexes: columns, expressions, predicates, methods, what else they say."""

from alembic.operations import ops
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.sql.elements import conv

from ....catalog.definitions import INVALID
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from ..models import plain_check
from ..sides import Sides
from ..sql import needs_escape, quote
from .kind import Kind

_UNIQUE = "UNIQUE "
_STATISTICS = "statistics "
_NOT_VALID = " NOT VALID"
_TYPES = {
    "primary key": "primary",
    "foreign key": "foreignkey",
    "unique constraint": "unique",
    "check constraint": "check",
    "exclusion constraint": None,
}


def definition_of(identity: Identity, objects: Snapshot) -> tuple[str, bool]:
    """Return what follows the name of the table, and whether the index is unique."""
    definition = objects[identity].removesuffix(INVALID)
    return definition.removeprefix(_UNIQUE), definition.startswith(_UNIQUE)


def create_statement(identity: Identity, objects: Snapshot, how: str = "") -> str:
    """Return CREATE INDEX; ``how`` is ``"CONCURRENTLY "`` for a table in use."""
    definition, unique = definition_of(identity, objects)
    name, table = quote(identity.name), quote(identity.table or "")
    return f"CREATE {_UNIQUE if unique else ''}INDEX {how}{name} ON {table} {definition}"


def _operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    if identity not in sides.after:
        return ops.DropIndexOp(identity.name, table_name=identity.table)
    index = sides.models.index(identity.table or "", identity.name)
    if index is None or needs_escape(sides.after[identity]):
        return None
    return ops.CreateIndexOp.from_index(index)


def _set_parameter(identity: Identity, objects: Snapshot) -> list[str]:
    index, _, name = identity.name.rpartition(".")
    value = objects[identity]
    shown = value if value.isalnum() else quote_literal(value)
    return [f"ALTER INDEX {quote(index)} SET ({name} = {shown})"]


def _reset_parameter(identity: Identity, _objects: Snapshot) -> list[str]:
    index, _, name = identity.name.rpartition(".")
    return [f"ALTER INDEX {quote(index)} RESET ({name})"]


def _set_property(identity: Identity, objects: Snapshot) -> list[str]:
    return _property(identity, objects[identity])


def _property(identity: Identity, value: str | None) -> list[str]:
    index, _, name = identity.name.rpartition(".")
    if name == "comment":
        return [f"COMMENT ON INDEX {quote(index)} IS {quote_literal(value) if value else 'NULL'}"]
    if name == "tablespace":
        return [f"ALTER INDEX {quote(index)} SET TABLESPACE {value or 'pg_default'}"]
    if name == "validity":
        # Made again, a constraint holds on all partitions.
        return []
    column = name.removeprefix(_STATISTICS)
    return [f"ALTER INDEX {quote(index)} ALTER COLUMN {column} SET STATISTICS {value or -1}"]


def _refuse_invalid(identity: Identity, before: Snapshot, after: Snapshot) -> str | None:
    index, _, name = identity.name.rpartition(".")
    if name != "validity" or after.keys().isdisjoint(identity.owners):
        return None
    which = "in the database" if identity in before else "as the models build it"
    return (
        f'The constraint "{index}" of table "{identity.table}" {which} lacks the index of at least '
        "one partition, and does not hold there.\nWrite the revision by hand: give each partition "
        f"the constraint, and run ALTER INDEX {quote(index)} ATTACH PARTITION …;"
    )


def _add_constraint(identity: Identity, objects: Snapshot) -> list[str]:
    table, name = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {objects[identity]}"]


def _drop_constraint(identity: Identity, _objects: Snapshot) -> list[str]:
    table, name = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER TABLE {table} DROP CONSTRAINT {name}"]


def _validate(identity: Identity, before: Snapshot, after: Snapshot) -> list[str] | None:
    if before[identity] != after[identity] + _NOT_VALID:
        return None
    table, name = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"]


def _constraint_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    if identity not in sides.after:
        # The name is final: no naming convention applies to it once more.
        name = conv(identity.name)
        return ops.DropConstraintOp(name, identity.table or "", _TYPES[identity.kind])
    return _add_constraint_operation(identity, sides) if identity not in sides.before else None


def _add_constraint_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    constraint = sides.models.constraint(identity.table or "", identity.name)
    if not isinstance(constraint, CheckConstraint | ForeignKeyConstraint | UniqueConstraint):
        return None
    # A constraint of a new table is valid whatever the models say.
    if needs_escape(sides.after[identity]) or constraint.dialect_kwargs.get("postgresql_not_valid"):
        return None
    if constraint.dialect_kwargs.get("postgresql_include"):
        # Alembic's operation knows no columns but those of the constraint.
        return None
    if isinstance(constraint, CheckConstraint):
        plain = plain_check(constraint)
        how = constraint.dialect_kwargs
        return ops.CreateCheckConstraintOp(
            conv(identity.name), identity.table or "", plain.sqltext, **how
        )
    op = ops.AddConstraintOp.from_constraint(constraint)
    if isinstance(op, ops.CreateForeignKeyOp):
        # The statement is an ALTER TABLE already.
        op.kw.pop("use_alter", None)
    return op


KINDS = {
    **{
        kind: Kind(
            create=_add_constraint,
            drop=_drop_constraint,
            change=_validate,
            operation=_constraint_operation,
        )
        for kind in _TYPES
    },
    "index": Kind(
        create=lambda identity, objects: [create_statement(identity, objects)],
        drop=lambda identity, _: [f"DROP INDEX {quote(identity.name)}"],
        operation=_operation,
    ),
    "index parameter": Kind(
        create=_set_parameter,
        drop=_reset_parameter,
        change=lambda identity, _, after: _set_parameter(identity, after),
    ),
    # What stands in no definition of an index, nor of the constraint that it backs.
    "index property": Kind(
        create=_set_property,
        drop=lambda identity, _: _property(identity, None),
        change=lambda identity, _, after: _set_property(identity, after),
        refuse=_refuse_invalid,
    ),
}
