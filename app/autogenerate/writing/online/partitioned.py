"""The online forms of constraints on partitioned tables, which take a loop over their partitions.

A foreign key is added NOT VALID to each partition, which PostgreSQL 16 refuses for the table; a
unique constraint or primary key gets the index of each partition CONCURRENTLY. The table comes
last, and finds it all done.
"""

from collections.abc import Mapping

from alembic.operations import ops

from ....catalog.identity import Identity
from ....revisions.partitioned_constraint import (
    BuildPartitionedConstraintOp,
    ClearPartitionedConstraintOp,
    PutPartitionedConstraintOp,
)
from ....server.quoting import quote_literal
from ...changes.sql import Statement, quote, with_digest
from .pieces import NO_STATEMENT_TIMEOUT, Autocommit, Change, Piece, block, drop_if_exists, restored

# A constraint that a partition has from its table is none of its own.
_ALL = """\
SELECT relid FROM pg_partition_tree({table})
        WHERE isleaf AND NOT EXISTS (SELECT FROM pg_constraint
            WHERE conrelid = relid AND conname = {constraint} AND conparentid <> 0)"""
_NOT_VALID = """\
SELECT conrelid
        FROM pg_partition_tree({table}) JOIN pg_constraint ON conrelid = relid
        WHERE conname = {constraint} AND NOT convalidated"""
Side = Mapping[Identity, str]


def unique(change: Change) -> list[Piece]:
    """Return the piece that creates, drops or replaces a unique constraint or a primary key."""
    forward: list[ops.MigrateOperation] = []
    back: list[ops.MigrateOperation] = []
    gone = drop_if_exists(change)
    if change.create:
        forward += [build(change, change.after), put(change, change.after)]
    else:
        forward += [gone]
    if change.drop:
        forward += [clear(change, change.before)]
        back += [build(change, change.before), put(change, change.before)]
    else:
        back += [gone]
    if change.create:
        back += [clear(change, change.after)]
    back += restored(change, change.name)
    return [Piece(forward, back, alone=True, removes=change.create is None)]


def build(change: Change, side: Side) -> ops.MigrateOperation:
    """Return what builds the indexes of the constraint, as ``side`` has it."""
    return BuildPartitionedConstraintOp(change.name, change.table, side[change.identity])


def put(change: Change, side: Side) -> ops.MigrateOperation:
    """Return what puts the constraint in its place, as ``side`` has it."""
    return PutPartitionedConstraintOp(change.name, change.table, side[change.identity])


def clear(change: Change, side: Side) -> ops.MigrateOperation:
    """Return what drops the indexes that a stopped build of the constraint left."""
    return ClearPartitionedConstraintOp(change.name, change.table, side[change.identity])


def foreign_key(change: Change) -> list[Piece]:
    """Return the pieces that create, drop or replace a foreign key."""
    if change.drop and change.create:
        return _replaced_key(change)
    name = change.name
    if change.drop:
        restore = [
            add_unchecked(change.table, name, change.before[change.identity]),
            NO_STATEMENT_TIMEOUT,
            validate(change.table, name),
            *change.drop.backward,
            *restored(change, name),
        ]
        forward = [drop_if_exists(change), drop_own(change.table, name)]
        return [Piece(forward, [Autocommit(restore)], alone=True)]
    comes = add_unchecked(change.table, name, change.after[change.identity])
    return [Piece([comes], [drop_own(change.table, name)]), *key_validation(change, name)]


def key_validation(change: Change, name: str) -> list[Piece]:
    """Return the pieces that validate a key on the partitions, and then give it to the table."""
    if change.create is None:
        return []
    comes = add_unchecked(change.table, name, change.after[change.identity])
    return [
        Piece([validate(change.table, name)], [], scans=True, later=True),
        Piece(change.create.forward, [*change.create.backward, comes]),
    ]


def _replaced_key(change: Change) -> list[Piece]:
    """Return the pieces that validate a key beside the old one, and let it take its name.

    The names of the partitions' keys are made of it, and stay when it is renamed.
    """
    table, before, after = change.table, change.before, change.after
    new, old = (with_digest(change.name, side[change.identity]) for side in (after, before))
    beside = add_unchecked(table, new, after[change.identity])
    back = [
        add_unchecked(table, old, before[change.identity]),
        NO_STATEMENT_TIMEOUT,
        validate(table, old),
    ]
    return [
        Piece([beside], [drop_own(table, new)]),
        Piece([validate(table, new)], [], scans=True, later=True),
        Piece(
            [*_taken_over(change, new, after[change.identity]), drop_own(table, old)],
            [
                Autocommit(back),
                *_taken_over(change, old, before[change.identity]),
                *restored(change, change.name),
                beside,
                Autocommit([NO_STATEMENT_TIMEOUT, validate(table, new)]),
            ],
            alone=True,
        ),
    ]


def _taken_over(change: Change, name: str, definition: str) -> list[ops.MigrateOperation]:
    alter, own = f"ALTER TABLE {quote(change.table)}", quote(change.name)
    return [
        Statement(f"{alter} ADD CONSTRAINT {quote(name)} {definition}"),
        Statement(f"{alter} DROP CONSTRAINT IF EXISTS {own}"),
        Statement(f"{alter} RENAME CONSTRAINT {quote(name)} TO {own}"),
    ]


def add_unchecked(table: str, name: str, definition: str) -> Statement:
    """Return a block that adds a constraint NOT VALID to each partition."""
    return block(
        _ALL.format(table=quote_literal(quote(table)), constraint=quote_literal(name)),
        f"DROP CONSTRAINT IF EXISTS {quote(name)}",
        f"ADD CONSTRAINT {quote(name)} {definition} NOT VALID",
    )


def drop_own(table: str, name: str) -> Statement:
    """Return a block that drops a constraint which partitions have, and not from their table."""
    return block(
        _ALL.format(table=quote_literal(quote(table)), constraint=quote_literal(name)),
        f"DROP CONSTRAINT IF EXISTS {quote(name)}",
    )


def validate(table: str, name: str) -> Statement:
    """Return a block that validates a constraint where it is NOT VALID.

    A partition that came after the constraint was added to the others has none yet.
    """
    query = _NOT_VALID.format(table=quote_literal(quote(table)), constraint=quote_literal(name))
    return block(query, f"VALIDATE CONSTRAINT {quote(name)}")
