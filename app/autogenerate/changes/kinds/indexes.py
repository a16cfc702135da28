"""Indexes: columns and expressions, predicate, method, operator classes, INCLUDE, parameters."""

from alembic.operations import ops

from ....catalog.definitions import INVALID
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..sides import Sides
from ..sql import needs_escape, quote
from .kind import Kind

_UNIQUE = "UNIQUE "


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


KINDS = {
    "index": Kind(
        create=lambda identity, objects: [create_statement(identity, objects)],
        drop=lambda identity, _: [f"DROP INDEX {quote(identity.name)}"],
        operation=_operation,
    )
}
