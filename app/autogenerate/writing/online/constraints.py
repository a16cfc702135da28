"""CHECKs and foreign keys are added NOT VALID, and validated in a later transaction.

NOT NULL is proved by such a CHECK, so that setting it reads no row.
"""

from copy import copy

from alembic.operations import ops

from ....catalog.definitions import UNCHECKED
from ...changes.sql import Statement, quote, shorten
from . import partitioned
from .pieces import (
    NO_STATEMENT_TIMEOUT,
    Autocommit,
    Change,
    Operations,
    Piece,
    drop_if_exists,
    restored,
)


def check(change: Change) -> list[Piece]:
    """Return the pieces that create or drop a CHECK.

    So do they for a foreign key of a table without partitions.
    """
    name, table = quote(change.name), quote(change.table)
    if change.drop:
        add = f"ADD CONSTRAINT {name} {change.before[change.identity]}"
        restore = [
            Statement(
                f"ALTER TABLE {table}\n    DROP CONSTRAINT IF EXISTS {name},\n    {add} NOT VALID"
            ),
            *restored(change, change.name),
            NO_STATEMENT_TIMEOUT,
            validate(change),
        ]
        return [Piece(change.drop.forward, [Autocommit(restore)], alone=True)]
    if change.create is None:
        return []
    return [Piece([unchecked(change)], gone(change)), validated_later(change)]


def validated_later(change: Change) -> Piece:
    """Return the piece that validates what was added NOT VALID; its way back leaves it so."""
    return Piece([validate(change)], [*gone(change), unchecked(change)], scans=True, later=True)


def not_null(change: Change) -> list[Piece]:
    """Return the pieces that set or drop NOT NULL; the CHECK is gone in the end."""
    table, column = quote(change.table), quote(change.name)
    name = quote(shorten(f"ck_{change.table}_{change.name}_not_null"))
    alter = f"ALTER TABLE {table}"
    added = f"ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"
    add = Statement(f"{alter} {added}")
    validate = Statement(f"{alter} VALIDATE CONSTRAINT {name}")
    remove = Statement(f"{alter} DROP CONSTRAINT {name}")
    clear = Statement(f"{alter} DROP CONSTRAINT IF EXISTS {name}")
    pieces: list[Piece] = []
    if change.drop:
        back = [
            Statement(f"{alter}\n    DROP CONSTRAINT IF EXISTS {name},\n    {added}"),
            NO_STATEMENT_TIMEOUT,
            validate,
            *change.drop.backward,
            remove,
        ]
        # Rows may have stopped the way back, and left the CHECK.
        pieces.append(Piece([*change.drop.forward, clear], [Autocommit(back)], alone=True))
    if change.create:
        pieces += [
            Piece([add], [remove]),
            Piece([validate], [], scans=True, later=True),
            Piece([*change.create.forward, remove], [*change.create.backward, add]),
        ]
    return pieces


def validated(change: Change) -> bool:
    """Tell whether both sides of a constraint are checked against the rows, or not there."""
    sides = (change.before, change.after)
    return not any(side.get(change.identity, "").endswith(UNCHECKED) for side in sides)


def validation(change: Change) -> list[Piece]:
    """Return the piece that validates a constraint which was added NOT VALID before."""
    if change.create is None:
        return []
    return [Piece(change.create.forward, change.create.backward, scans=True)]


def gone(change: Change) -> Operations:
    """Return what leaves the table without the constraint."""
    if change.create and not change.drop:
        return change.create.backward
    if change.partitioned and change.identity.kind == "foreign key":
        return [drop_if_exists(change), partitioned.drop_own(change.table, change.name)]
    return [drop_if_exists(change)]


def validate(change: Change) -> Statement:
    """Return what checks the rows against a constraint that was added NOT VALID."""
    name, table = quote(change.name), quote(change.table)
    return Statement(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def unchecked(change: Change) -> ops.MigrateOperation:
    """Return what adds the constraint of ``after`` NOT VALID: to each partition, if there are."""
    if change.partitioned and change.identity.kind == "foreign key":
        return partitioned.add_unchecked(change.table, change.name, change.after[change.identity])
    op = change.create.forward[0] if change.create else None
    if isinstance(op, ops.CreateForeignKeyOp | ops.CreateCheckConstraintOp):
        unchecked = copy(op)
        unchecked.kw = {**op.kw, "postgresql_not_valid": True}
        return unchecked
    definition = change.after[change.identity]
    return Statement(
        f"ALTER TABLE {quote(change.table)} "
        f"ADD CONSTRAINT {quote(change.name)} {definition} NOT VALID"
    )
