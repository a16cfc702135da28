"""Unique constraints take over an index that was built CONCURRENTLY."""

from alembic.operations import ops

from app.autogenerate.online.indexes import concurrently, drop_concurrently
from app.autogenerate.online.pieces import NO_LIMITS, Change, Operations, Piece
from app.autogenerate.operations import Autocommit, Statement
from app.autogenerate.snapshot import Snapshot
from app.autogenerate.sql import quote

_PLAIN = "UNIQUE "
# A statement that others would queue behind gives up soon again.
_LOCK_TIMEOUT = Statement("SET lock_timeout = '1800ms'")


def unique(change: Change) -> list[Piece]:
    """Return the pieces for a unique constraint of a table without partitions."""
    pieces: list[Piece] = []
    if change.drop:
        back = [*_build(change, change.before), _LOCK_TIMEOUT, _adopt(change)]
        pieces.append(Piece(change.drop.forward, [Autocommit(back)], alone=True))
    if change.create:
        gone = Autocommit([*NO_LIMITS, drop_concurrently(change)])
        built = _build(change, change.after)
        index = Piece([Autocommit(built[1:])], [gone], alone=True, title=f"index {change.name}")
        pieces.append(index)
        pieces.append(Piece([_adopt(change)], [Autocommit(built)], alone=True))
    return pieces


def has_plain_columns(definition: str) -> bool:
    """Tell whether an index on the same columns says all that a unique constraint does."""
    return (
        definition.startswith(f"{_PLAIN}(")
        and definition.endswith(")")
        and " INCLUDE (" not in definition
    )


def _build(change: Change, side: Snapshot) -> Operations:
    """Return what leaves the table with the index alone, whatever it has of both."""
    name, table = quote(change.name), quote(change.table)
    columns = side[change.identity].removeprefix(_PLAIN)
    index: ops.MigrateOperation = Statement(
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} {columns}"
    )
    constraint = change.create.forward[0] if change.create and side is change.after else None
    if isinstance(constraint, ops.CreateUniqueConstraintOp):
        index = concurrently(
            ops.CreateIndexOp(change.name, change.table, constraint.columns, unique=True)
        )
    return [
        Statement(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"),
        *NO_LIMITS,
        drop_concurrently(change),
        index,
    ]


def _adopt(change: Change) -> ops.MigrateOperation:
    name, table = quote(change.name), quote(change.table)
    return Statement(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")
