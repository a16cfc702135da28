"""CHECKs and foreign keys are added NOT VALID, and validated in a later transaction.

NOT NULL is proved by such a CHECK, so that setting it reads no row.
"""

from copy import copy

from alembic.operations import ops

from ....catalog.snapshot import Snapshot
from ...changes.sql import Statement, quote, shorten
from ...changes.steps import Step
from .pieces import (
    NO_STATEMENT_TIMEOUT,
    Autocommit,
    Change,
    Piece,
    Remark,
    on_partitions,
    restored,
    validate_on_partitions,
)

# What PostgreSQL prints behind a constraint that no row is checked against.
_UNCHECKED = (" NOT VALID", " NOT ENFORCED")
_CHECKED = tuple(
    Remark(f"squawk-ignore {rule}: its partitions have it, so no row is read")
    for rule in ("adding-foreign-key-constraint", "constraint-missing-not-valid")
)
_PROVED = Remark("squawk-ignore ban-drop-constraint: NOT NULL says it now")


def check(change: Change) -> list[Piece]:
    """Return the pieces that create or drop a CHECK.

    So do they for a foreign key of a table without partitions.
    """
    name, table = quote(change.name), quote(change.table)
    validate = Statement(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    if change.drop:
        add = f"ADD CONSTRAINT {name} {change.before[change.identity]}"
        restore = [
            Statement(
                f"ALTER TABLE {table}\n    DROP CONSTRAINT IF EXISTS {name},\n    {add} NOT VALID"
            ),
            *restored(change, change.name),
            NO_STATEMENT_TIMEOUT,
            validate,
        ]
        return [Piece(change.drop.forward, [Autocommit(restore)], alone=True)]
    if change.create is None:
        return []
    comes = _not_valid(change, change.create)
    back = [*change.create.backward, comes]
    return [
        Piece([comes], change.create.backward),
        Piece([validate], back, scans=True, later=True),
    ]


def foreign_key(change: Change) -> list[Piece]:
    """Return the pieces that create, drop or replace a foreign key of a partitioned table.

    PostgreSQL 16 refuses NOT VALID there: each partition gets the key first, and the table last,
    which then has nothing left to check.
    """
    pieces: list[Piece] = []
    comes = [_on_each(change, change.after)] if change.create else []
    if change.drop:
        restore = [
            _on_each(change, change.before),
            NO_STATEMENT_TIMEOUT,
            validate_on_partitions(change.table, change.name),
            *change.drop.backward,
        ]
        pieces.append(Piece([*change.drop.forward, *comes], [Autocommit(restore)], alone=True))
    elif change.create:
        gone = on_partitions(change.table, f"DROP CONSTRAINT IF EXISTS {quote(change.name)}")
        pieces.append(Piece(comes, [gone]))
    if change.create:
        back = [*change.create.backward, *comes]
        pieces.append(
            Piece([validate_on_partitions(change.table, change.name)], [], scans=True, later=True)
        )
        pieces.append(Piece([*_CHECKED, *change.create.forward], back))
    return pieces


def not_null(change: Change) -> list[Piece]:
    """Return the pieces that set or drop NOT NULL; the CHECK is gone in the end."""
    table, column = quote(change.table), quote(change.name)
    name = quote(shorten(f"ck_{change.table}_{change.name}_not_null"))
    alter = f"ALTER TABLE {table}"
    added = f"ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"
    add = Statement(f"{alter} {added}")
    validate = Statement(f"{alter} VALIDATE CONSTRAINT {name}")
    remove = Statement(f"{alter} DROP CONSTRAINT {name}")
    pieces: list[Piece] = []
    if change.drop:
        back = [
            Statement(f"{alter}\n    DROP CONSTRAINT IF EXISTS {name},\n    {added}"),
            NO_STATEMENT_TIMEOUT,
            validate,
            *change.drop.backward,
            remove,
        ]
        pieces.append(Piece(change.drop.forward, [Autocommit(back)], alone=True))
    if change.create:
        pieces += [
            Piece([add], [remove]),
            Piece([validate], [], scans=True, later=True),
            Piece([*change.create.forward, _PROVED, remove], [*change.create.backward, add]),
        ]
    return pieces


def validated(change: Change) -> bool:
    """Tell whether both sides of a constraint are checked against the rows, or not there."""
    sides = (change.before, change.after)
    return not any(side.get(change.identity, "").endswith(_UNCHECKED) for side in sides)


def validation(change: Change) -> list[Piece]:
    """Return the piece that validates a constraint which was added NOT VALID before."""
    if change.create is None:
        return []
    return [Piece(change.create.forward, change.create.backward, scans=True)]


def _not_valid(change: Change, create: Step) -> ops.MigrateOperation:
    op = create.forward[0]
    if isinstance(op, ops.CreateForeignKeyOp | ops.CreateCheckConstraintOp):
        unchecked = copy(op)
        unchecked.kw = {**op.kw, "postgresql_not_valid": True}
        return unchecked
    definition = change.after[change.identity]
    return Statement(
        f"ALTER TABLE {quote(change.table)} "
        f"ADD CONSTRAINT {quote(change.name)} {definition} NOT VALID"
    )


def _on_each(change: Change, side: Snapshot) -> ops.MigrateOperation:
    name, definition = quote(change.name), side[change.identity]
    return on_partitions(
        change.table,
        f"DROP CONSTRAINT IF EXISTS {name}",
        f"ADD CONSTRAINT {name} {definition} NOT VALID",
    )
