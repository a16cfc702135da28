"""Indexes are built and dropped CONCURRENTLY; on partitioned tables partition by partition.

Unique constraints take over an index that was built so.
"""

from copy import copy

from alembic.operations import ops

from ....catalog.snapshot import Snapshot
from ....revisions.partitioned_index import CreatePartitionedIndexOp
from ...changes.kinds.indexes import create_statement, definition_of
from ...changes.sql import Statement, quote
from ...changes.steps import Step
from .pieces import NO_LIMITS, Autocommit, Change, Operations, Piece

_UNIQUE = "UNIQUE "
_NULLS = "NULLS NOT DISTINCT "
_DEFERRABLE = (" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE")
_NO_INDEX_CAN = "WITHOUT OVERLAPS"
# A statement that others would queue behind waits no longer than the run allows.
_KEEP_PATIENCE = Statement(
    "SELECT set_config('alembic.lock_timeout', current_setting('lock_timeout'), false)"
)
_REGAIN_PATIENCE = Statement(
    "SELECT set_config('lock_timeout', current_setting('alembic.lock_timeout'), false)"
)


def index(change: Change) -> list[Piece]:
    """Return the piece that brings an index into its new state, and back into the old one."""
    if change.partitioned:
        forward = _reach_on_partitions(change, change.after)
        backward = _reach_on_partitions(change, change.before)
    else:
        forward = _reach(change, change.after, change.create)
        backward = _reach(change, change.before)
    return [Piece(forward, backward, alone=True)]


def unique(change: Change) -> list[Piece]:
    """Return the pieces for a unique constraint of a table without partitions."""
    pieces: list[Piece] = []
    if change.drop:
        built = _build(change, change.before)
        back = [_KEEP_PATIENCE, *built, _REGAIN_PATIENCE, _adopt(change, change.before)]
        pieces.append(Piece(change.drop.forward, [Autocommit(back)], alone=True))
    if change.create:
        gone = Autocommit([*NO_LIMITS, _drop_concurrently(change)])
        built = _build(change, change.after)
        index = Piece([Autocommit(built[1:])], [gone], alone=True, title=f"index {change.name}")
        pieces.append(index)
        pieces.append(Piece([_adopt(change, change.after)], [Autocommit(built)], alone=True))
    return pieces


def can_adopt_index(definition: str) -> bool:
    """Tell whether an index says all that a unique constraint does."""
    return _NO_INDEX_CAN not in definition


def _drop_concurrently(change: Change) -> ops.MigrateOperation:
    """Return the removal of an index, be it there, INVALID or not there."""
    return ops.DropIndexOp(
        change.name, table_name=change.table, if_exists=True, postgresql_concurrently=True
    )


def _concurrently(op: ops.CreateIndexOp) -> ops.MigrateOperation:
    """Return ``op`` with CONCURRENTLY."""
    online = copy(op)
    online.kw = {**op.kw, "postgresql_concurrently": True}
    return online


def _reach(change: Change, side: Snapshot, create: Step | None = None) -> Operations:
    """Return what leaves the index as ``side`` has it, whatever a killed run left behind."""
    operations = [*NO_LIMITS, _drop_concurrently(change)]
    if change.identity in side:
        modelled = create.forward[0] if create else None
        operations.append(
            _concurrently(modelled)
            if isinstance(modelled, ops.CreateIndexOp)
            else Statement(create_statement(change.identity, side, "CONCURRENTLY "))
        )
    return [Autocommit(operations)]


def _reach_on_partitions(change: Change, side: Snapshot) -> Operations:
    # PostgreSQL drops an index with partitions in one transaction only, which is short.
    gone = ops.DropIndexOp(change.name, table_name=change.table, if_exists=True)
    if change.identity not in side:
        return [gone]
    replaced = [gone] if change.drop and change.create else []
    return [
        *replaced,
        CreatePartitionedIndexOp(change.name, change.table, *definition_of(change.identity, side)),
    ]


def _parts(definition: str) -> tuple[str, str]:
    """Return what CREATE INDEX says behind the table, and ADD CONSTRAINT behind the index."""
    deferrable = next((each for each in _DEFERRABLE if definition.endswith(each)), "")
    columns = definition.removeprefix(_UNIQUE).removesuffix(deferrable)
    if columns.startswith(_NULLS):
        columns = f"{columns.removeprefix(_NULLS)} {_NULLS.rstrip()}"
    return columns, deferrable


def _build(change: Change, side: Snapshot) -> Operations:
    """Return what leaves the table with the index alone, whatever it has of both."""
    name, table = quote(change.name), quote(change.table)
    columns, _ = _parts(side[change.identity])
    index: ops.MigrateOperation = Statement(
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} {columns}"
    )
    constraint = change.create.forward[0] if change.create and side is change.after else None
    if isinstance(constraint, ops.CreateUniqueConstraintOp):
        how = {k: v for k, v in constraint.kw.items() if k.startswith("postgresql_")}
        index = _concurrently(
            ops.CreateIndexOp(change.name, change.table, constraint.columns, unique=True, **how)
        )
    return [
        Statement(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"),
        *NO_LIMITS,
        _drop_concurrently(change),
        index,
    ]


def _adopt(change: Change, side: Snapshot) -> ops.MigrateOperation:
    name, table = quote(change.name), quote(change.table)
    _, deferrable = _parts(side[change.identity])
    return Statement(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{deferrable}"
    )
