"""Indexes are built and dropped CONCURRENTLY; on partitioned tables partition by partition."""

from copy import copy

from alembic.operations import ops

from ....catalog.snapshot import Snapshot
from ....revisions.partitioned_index import CreatePartitionedIndexOp
from ...changes.kinds.indexes import create_statement, definition_of
from ...changes.step import Step
from ..operations import Autocommit, Statement
from .pieces import NO_LIMITS, Change, Operations, Piece


def index(change: Change) -> list[Piece]:
    """Return the piece that brings an index into its new state, and back into the old one."""
    if change.partitioned:
        forward = _reach_on_partitions(change, change.after)
        backward = _reach_on_partitions(change, change.before)
    else:
        forward = _reach(change, change.after, change.create)
        backward = _reach(change, change.before)
    return [Piece(forward, backward, alone=True)]


def drop_concurrently(change: Change) -> ops.MigrateOperation:
    """Return the removal of an index, be it there, INVALID or not there."""
    return ops.DropIndexOp(
        change.name, table_name=change.table, if_exists=True, postgresql_concurrently=True
    )


def concurrently(op: ops.CreateIndexOp) -> ops.MigrateOperation:
    """Return ``op`` with CONCURRENTLY."""
    online = copy(op)
    online.kw = {**op.kw, "postgresql_concurrently": True}
    return online


def _reach(change: Change, side: Snapshot, create: Step | None = None) -> Operations:
    """Return what leaves the index as ``side`` has it, whatever a killed run left behind."""
    operations = [*NO_LIMITS, drop_concurrently(change)]
    if change.identity in side:
        modelled = create.forward[0] if create else None
        operations.append(
            concurrently(modelled)
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
