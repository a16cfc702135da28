"""Indexes: columns and expressions, predicate, method, operator classes, INCLUDE, parameters."""

from alembic.operations import ops
from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ...emit import compares
from ..sql import needs_escape, quote
from .kind import Kind, Sides

_UNIQUE = "UNIQUE "
INVALID = " INVALID"


def definition_of(identity: Identity, objects: Snapshot) -> tuple[str, bool]:
    """Return what follows the name of the table, and whether the index is unique."""
    definition = objects[identity].removesuffix(INVALID)
    return definition.removeprefix(_UNIQUE), definition.startswith(_UNIQUE)


def create_statement(identity: Identity, objects: Snapshot, how: str = "") -> str:
    """Return CREATE INDEX; ``how`` is ``"CONCURRENTLY "`` for a table in use."""
    definition, unique = definition_of(identity, objects)
    name, table = quote(identity.name), quote(identity.table or "")
    return f"CREATE {_UNIQUE if unique else ''}INDEX {how}{name} ON {table} {definition}"


def _create_op(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    index = sides.models.index(identity.table or "", identity.name)
    if index is None or needs_escape(sides.after[identity]):
        return None
    return ops.CreateIndexOp.from_index(index)


def _drop_op(identity: Identity, _sides: Sides) -> ops.MigrateOperation:
    return ops.DropIndexOp(identity.name, table_name=identity.table)


KINDS = {
    "index": Kind(
        create=lambda identity, objects: [create_statement(identity, objects)],
        drop=lambda identity, _: [f"DROP INDEX {quote(identity.name)}"],
        create_op=_create_op,
        drop_op=_drop_op,
    )
}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
