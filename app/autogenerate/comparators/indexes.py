"""Indexes: columns and expressions, predicate, method, operator classes, INCLUDE, parameters."""

from alembic.operations import ops
from alembic.runtime.plugins import Plugin

from app.autogenerate.emit import compares
from app.autogenerate.identity import Identity
from app.autogenerate.kind import Kind, Sides
from app.autogenerate.snapshot import Snapshot
from app.autogenerate.sql import holds_bind, quote

_UNIQUE = "UNIQUE "
INVALID = " INVALID"


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    definition = objects[identity].removesuffix(INVALID)
    unique = _UNIQUE if definition.startswith(_UNIQUE) else ""
    name, table = quote(identity.name), quote(identity.table or "")
    return [f"CREATE {unique}INDEX {name} ON {table} {definition.removeprefix(_UNIQUE)}"]


def _create_op(identity: Identity, sides: Sides) -> ops.MigrateOperation | None:
    index = sides.models.index(identity.table or "", identity.name)
    if index is None or holds_bind(sides.after[identity]):
        return None
    return ops.CreateIndexOp.from_index(index)


def _drop_op(identity: Identity, _sides: Sides) -> ops.MigrateOperation:
    return ops.DropIndexOp(identity.name, table_name=identity.table)


KINDS = {
    "index": Kind(
        create=_create,
        drop=lambda identity, _: [f"DROP INDEX {quote(identity.name)}"],
        create_op=_create_op,
        drop_op=_drop_op,
    )
}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
