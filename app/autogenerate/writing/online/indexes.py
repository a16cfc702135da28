"""Indexes are built and dropped CONCURRENTLY; on partitioned tables partition by partition.

Unique constraints take over an index that was built so.
"""

from copy import copy

from alembic.operations import ops

from ....catalog.snapshot import Snapshot
from ....revisions.partitioned_constraint import ClearPartitionedIndexOp
from ....revisions.partitioned_index import CreatePartitionedIndexOp
from ...changes.kinds.indexes import create_statement, definition_of
from ...changes.sql import Statement, quote, shorten
from .pieces import NO_LIMITS, Autocommit, Change, Operations, Piece, drop_if_exists, restored

_KINDS = ("UNIQUE", "PRIMARY KEY")
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
    """Return the piece that creates or drops an index, and undoes that."""
    reach_side = _reach_on_partitions if change.partitioned else reach
    forward, backward = (
        reach_side(change, side, change.name) for side in (change.after, change.before)
    )
    backward = [*backward, *restored(change, change.name)]
    return [Piece(forward, backward, alone=True, removes=change.create is None)]


def unique(change: Change) -> list[Piece]:
    """Return the pieces that create or drop a unique constraint of a table without partitions.

    So do they for a primary key.
    """
    if change.drop:
        built = build(change, change.before, change.name)
        back = [
            _KEEP_PATIENCE,
            *built,
            _REGAIN_PATIENCE,
            adopt(change, change.before, change.name),
            *restored(change, change.name),
        ]
        # Rows may have stopped the way back, and left the index.
        gone = [
            drop_if_exists(change),
            Statement(f"DROP INDEX IF EXISTS {quote(change.name)}"),
        ]
        return [Piece(gone, [Autocommit(back)], alone=True, removes=True)]
    built = build(change, change.after, change.name)
    # Until the index stands alone again, the constraint does.
    apart = shorten(f"{change.name}_new")
    table = quote(change.table)
    back = [
        Autocommit(build(change, change.after, apart)[1:]),
        Statement(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {quote(change.name)}"),
        Statement(f"ALTER INDEX {quote(apart)} RENAME TO {quote(change.name)}"),
    ]
    return [
        Piece(
            [Autocommit(built[1:])],
            reach(change, {}, change.name),
            alone=True,
            title=f"index {change.name}",
        ),
        Piece([adopt(change, change.after, change.name)], back, alone=True),
    ]


def can_adopt_index(definition: str) -> bool:
    """Tell whether an index says all that a unique constraint does."""
    return _NO_INDEX_CAN not in definition


def reach(change: Change, side: Snapshot, name: str) -> Operations:
    """Return what leaves the index called ``name`` as ``side`` has it.

    Whatever a killed run left behind, INVALID or not there, is cleared first.
    """
    operations = [*NO_LIMITS, _drop_concurrently(change, name)]
    if change.identity in side:
        modelled = change.create.forward[0] if change.create and side is change.after else None
        if isinstance(modelled, ops.CreateIndexOp):
            operations.append(_concurrently(modelled, name))
        else:
            named = change.identity._replace(name=name)
            definition = {named: side[change.identity]}
            operations.append(Statement(create_statement(named, definition, "CONCURRENTLY ")))
    return [Autocommit(operations)]


def _reach_on_partitions(change: Change, side: Snapshot, name: str) -> Operations:
    if change.identity not in side:
        return drop_on_partitions(change, name)
    return [CreatePartitionedIndexOp(name, change.table, *definition_of(change.identity, side))]


def drop_on_partitions(change: Change, name: str) -> Operations:
    """Return the removal of an index with partitions, which takes one transaction, a short one.

    What a stopped build left on a partition goes, too.
    """
    return [
        ops.DropIndexOp(name, table_name=change.table, if_exists=True),
        ClearPartitionedIndexOp(name, change.table),
    ]


def _drop_concurrently(change: Change, name: str) -> ops.MigrateOperation:
    """Return the removal of an index, be it there, INVALID or not there."""
    return ops.DropIndexOp(
        name, table_name=change.table, if_exists=True, postgresql_concurrently=True
    )


def _concurrently(op: ops.CreateIndexOp, name: str) -> ops.MigrateOperation:
    """Return ``op`` with CONCURRENTLY, for an index called ``name``."""
    online = copy(op)
    online.index_name = name
    online.kw = {**op.kw, "postgresql_concurrently": True}
    return online


def _parts(definition: str) -> tuple[str, str, str]:
    """Return the kind, what CREATE INDEX says behind the table, and what the constraint adds."""
    kind = next(each for each in _KINDS if definition.startswith(each))
    deferrable = next((each for each in _DEFERRABLE if definition.endswith(each)), "")
    columns = definition.removeprefix(f"{kind} ").removesuffix(deferrable)
    if columns.startswith(_NULLS):
        columns = f"{columns.removeprefix(_NULLS)} {_NULLS.rstrip()}"
    return kind, columns, deferrable


def build(change: Change, side: Snapshot, name: str) -> list[ops.MigrateOperation]:
    """Return what leaves the table with an index called ``name`` and no such constraint."""
    table = quote(change.table)
    _, columns, _ = _parts(side[change.identity])
    index: ops.MigrateOperation = Statement(
        f"CREATE UNIQUE INDEX CONCURRENTLY {quote(name)} ON {table} {columns}"
    )
    constraint = change.create.forward[0] if change.create and side is change.after else None
    if isinstance(constraint, ops.CreateUniqueConstraintOp):
        how = {k: v for k, v in constraint.kw.items() if k.startswith("postgresql_")}
        index = _concurrently(
            ops.CreateIndexOp(name, change.table, constraint.columns, unique=True, **how), name
        )
    return [
        Statement(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {quote(name)}"),
        *NO_LIMITS,
        _drop_concurrently(change, name),
        index,
    ]


def adopt(change: Change, side: Snapshot, index: str) -> ops.MigrateOperation:
    """Return what makes ``index`` the constraint, whose name it then gets."""
    name, table = quote(change.name), quote(change.table)
    kind, _, deferrable = _parts(side[change.identity])
    return Statement(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {kind} USING INDEX {quote(index)}{deferrable}"
    )
