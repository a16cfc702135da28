"""Indexes: columns and expressions, predicate, method, operator classes, INCLUDE, parameters."""

from alembic.operations import ops

from ....catalog.definitions import INVALID
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from ..sides import Sides
from ..sql import needs_escape, quote
from .kind import Kind

_UNIQUE = "UNIQUE "
_STATISTICS = "statistics "


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


KINDS = {
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
