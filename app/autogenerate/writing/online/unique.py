"""Unique constraints take over an index that was built CONCURRENTLY."""

from alembic.operations import ops

from ....catalog.snapshot import Snapshot
from ...changes.sql import quote
from ..operations import Autocommit, Statement
from .indexes import concurrently, drop_concurrently
from .pieces import NO_LIMITS, Change, Operations, Piece

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


def unique(change: Change) -> list[Piece]:
    """Return the pieces for a unique constraint of a table without partitions."""
    pieces: list[Piece] = []
    if change.drop:
        built = _build(change, change.before)
        back = [_KEEP_PATIENCE, *built, _REGAIN_PATIENCE, _adopt(change, change.before)]
        pieces.append(Piece(change.drop.forward, [Autocommit(back)], alone=True))
    if change.create:
        gone = Autocommit([*NO_LIMITS, drop_concurrently(change)])
        built = _build(change, change.after)
        index = Piece([Autocommit(built[1:])], [gone], alone=True, title=f"index {change.name}")
        pieces.append(index)
        pieces.append(Piece([_adopt(change, change.after)], [Autocommit(built)], alone=True))
    return pieces


def can_adopt_index(definition: str) -> bool:
    """Tell whether an index says all that a unique constraint does."""
    return _NO_INDEX_CAN not in definition


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
        index = concurrently(
            ops.CreateIndexOp(change.name, change.table, constraint.columns, unique=True, **how)
        )
    return [
        Statement(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"),
        *NO_LIMITS,
        drop_concurrently(change),
        index,
    ]


def _adopt(change: Change, side: Snapshot) -> ops.MigrateOperation:
    name, table = quote(change.name), quote(change.table)
    _, deferrable = _parts(side[change.identity])
    return Statement(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{deferrable}"
    )
