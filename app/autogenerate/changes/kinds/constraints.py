"""Constraints: primary and foreign keys, unique, CHECK and exclusion constraints."""

from alembic.operations import ops
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.sql.elements import conv

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..sides import Sides
from ..sql import needs_escape, quote
from .kind import Kind

_NOT_VALID = " NOT VALID"
_TYPES = {
    "primary key": "primary",
    "foreign key": "foreignkey",
    "unique constraint": "unique",
    "check constraint": "check",
    "exclusion constraint": None,
}


def _add(identity: Identity, objects: Snapshot) -> list[str]:
    table, name = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {objects[identity]}"]


def _drop(identity: Identity, _objects: Snapshot) -> list[str]:
    table, name = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER TABLE {table} DROP CONSTRAINT {name}"]


def _validate(identity: Identity, before: Snapshot, after: Snapshot) -> list[str] | None:
    if before[identity] != after[identity] + _NOT_VALID:
        return None
    table, name = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"]


def _operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    if identity not in sides.after:
        # The name is final: no naming convention applies to it once more.
        name = conv(identity.name)
        return ops.DropConstraintOp(name, identity.table or "", _TYPES[identity.kind])
    return _add_operation(identity, sides) if identity not in sides.before else None


def _add_operation(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    constraint = sides.models.constraint(identity.table or "", identity.name)
    if not isinstance(constraint, CheckConstraint | ForeignKeyConstraint | UniqueConstraint):
        return None
    # A constraint of a new table is valid whatever the models say.
    if needs_escape(sides.after[identity]) or constraint.dialect_kwargs.get("postgresql_not_valid"):
        return None
    op = ops.AddConstraintOp.from_constraint(constraint)
    if isinstance(op, ops.CreateForeignKeyOp):
        # The statement is an ALTER TABLE already.
        op.kw.pop("use_alter", None)
    return op


KINDS = {
    kind: Kind(create=_add, drop=_drop, change=_validate, operation=_operation) for kind in _TYPES
}
