"""What replaces another stands and is valid before the old one goes.

It is built beside it under a name of its own, takes over the name in a short transaction, and what
was there goes last: no query misses its index, and no rule is missing for a moment. Where the new
one cannot be had, for rows that do not fit, the old one has never gone.

Each way back can begin anywhere between: it clears what it makes before it makes it.
"""

from collections.abc import Sequence

from alembic.operations import ops

from ....catalog.snapshot import Snapshot
from ....revisions.partitioned_index import CreatePartitionedIndexOp
from ...changes.kinds.indexes import definition_of
from ...changes.sql import Statement, quote, shorten, with_digest
from . import indexes
from .pieces import (
    NO_STATEMENT_TIMEOUT,
    Autocommit,
    Change,
    Operations,
    Piece,
    drop_if_exists,
    restored,
)

_CHECK = "CHECK "
NEW, OLD = "_new", "_old"


def index(change: Change) -> list[Piece]:
    """Return the pieces that replace an index."""
    new, old = _new_name(change), shorten(f"{change.name}_old")
    if change.partitioned:
        # The names of the partitions' indexes are made of it, and stay when it is renamed.
        new = with_digest(change.name, change.after[change.identity])
        build: Operations = [_on_partitions(change, new, after=True)]
        build_old: Operations = [_on_partitions(change, old, after=False)]
        drop, drop_old = (indexes.drop_on_partitions(change, name) for name in (new, old))
    else:
        build = indexes.reach(change, change.after, new)
        build_old = indexes.reach(change, change.before, old)
        drop, drop_old = (indexes.reach(change, {}, name) for name in (new, old))
    return [
        Piece(build, drop, alone=True),
        Piece(_rename(change.name, old, new), _rename(change.name, new, old), later=True),
        Piece(
            drop_old,
            [*build_old, *restored(change, old)],
            alone=True,
            removes=True,
            title=f"drop index {old}",
        ),
    ]


def unique(change: Change) -> list[Piece]:
    """Return the pieces that replace a unique constraint of a table without partitions.

    So do they for a primary key.
    """
    return [
        built(change),
        Piece(
            [goes(change), takes_over(change, change.after, NEW), cleared(change)],
            [
                *both_built(change),
                goes(change),
                takes_over(change, change.before, OLD),
                *restored(change, change.name),
            ],
            alone=True,
        ),
    ]


def built(change: Change) -> Piece:
    """Return the piece that builds the new index beside the old one."""
    return Piece(
        _build(change, change.after, NEW),
        indexes.reach(change, {}, shorten(change.name + NEW)),
        alone=True,
        title=f"index {change.name}",
    )


def both_built(change: Change) -> list[ops.MigrateOperation]:
    """Return what builds the new index once more, as the rule has it now, and the old one.

    If rows stop the old one, the way up finds the new one.
    """
    return [*built_again([change], "after", NEW), *built_again([change], "before", OLD)]


def built_again(changes: Sequence[Change], side: str, end: str) -> list[ops.MigrateOperation]:
    """Return what builds the index of each rule as ``side`` has it, under its name and ``end``."""
    sides: list[tuple[Change, Snapshot]] = [(each, getattr(each, side)) for each in changes]
    return [
        op
        for change, objects in sides
        if change.identity in objects
        for op in _build(change, objects, end)
    ]


def goes(change: Change) -> ops.MigrateOperation:
    """Return what leaves the table without the rule; its index goes, too."""
    if change.identity.kind == "index":
        return Statement(f"DROP INDEX IF EXISTS {quote(change.name)}")
    return drop_if_exists(change)


def takes_over(change: Change, side: Snapshot, end: str) -> ops.MigrateOperation:
    """Return what makes the index that was built beside the rule, as ``side`` has it, the rule."""
    beside = shorten(change.name + end)
    if change.identity.kind == "index":
        return Statement(f"ALTER INDEX {quote(beside)} RENAME TO {quote(change.name)}")
    return indexes.adopt(change, side, beside)


def cleared(change: Change) -> Statement:
    """Return what drops the old index that a way back began to build, if rows stopped that."""
    return Statement(f"DROP INDEX IF EXISTS {quote(shorten(change.name + OLD))}")


def _build(change: Change, side: Snapshot, end: str) -> Operations:
    beside = shorten(change.name + end)
    if change.identity.kind == "index":
        return indexes.reach(change, side, beside)
    return [Autocommit(indexes.build(change, side, beside)[1:])]


def check(change: Change) -> list[Piece]:
    """Return the pieces that replace a CHECK.

    One that admits all that the old one did takes its place at once. Any other is validated beside
    it, and where it also admits more, both are preceded by one that admits what either does.
    """
    before, after = change.before[change.identity], change.after[change.identity]
    if change.fits:
        return _loosen(change, after)
    if change.fits_before or not _are_conditions(before, after):
        return _beside(change, before)
    either = f"CHECK ({before.removeprefix(_CHECK)} OR {after.removeprefix(_CHECK)})"
    return [*_loosen(change, either), *_beside(change, either, later=True)]


def foreign_key(change: Change) -> list[Piece]:
    """Return the pieces that replace a foreign key of a table without partitions."""
    return _beside(change, change.before[change.identity])


def _beside(change: Change, before: str, *, later: bool = False) -> list[Piece]:
    """Return the pieces that validate a constraint beside ``before``, and let it take its name."""
    new, after = _new_name(change), change.after[change.identity]
    alter, name = f"ALTER TABLE {quote(change.table)}", quote(change.name)
    add = f"ADD CONSTRAINT {quote(new)} {after} NOT VALID"
    validate = Statement(f"{alter} VALIDATE CONSTRAINT {quote(new)}")
    again = Statement(f"{alter}\n    DROP CONSTRAINT IF EXISTS {quote(new)},\n    {add}")
    restore = [
        NO_STATEMENT_TIMEOUT,
        again,
        validate,
        put(change, before),
        *restored(change, change.name),
        Statement(f"{alter} VALIDATE CONSTRAINT {name}"),
    ]
    return [
        Piece(
            [Statement(f"{alter} {add}")],
            [Statement(f"{alter} DROP CONSTRAINT IF EXISTS {quote(new)}")],
            later=later,
        ),
        Piece([validate], [again], scans=True, later=True),
        Piece(
            [
                Statement(f"{alter} DROP CONSTRAINT {name}"),
                Statement(f"{alter} RENAME CONSTRAINT {quote(new)} TO {name}"),
            ],
            [Autocommit(restore)],
            alone=True,
        ),
    ]


def _loosen(change: Change, after: str) -> list[Piece]:
    """Return the pieces that put ``after``, which no row can break, in the place of a CHECK."""
    validate = Statement(
        f"ALTER TABLE {quote(change.table)} VALIDATE CONSTRAINT {quote(change.name)}"
    )
    comes = put(change, after)
    restore = [
        NO_STATEMENT_TIMEOUT,
        put(change, change.before[change.identity]),
        *restored(change, change.name),
        validate,
    ]
    return [
        Piece([comes], [Autocommit(restore)], alone=True),
        Piece([validate], [comes], scans=True, later=True),
    ]


def put(change: Change, definition: str) -> Statement:
    """Return the statement that puts a constraint that no row is checked against in its place."""
    name = quote(change.name)
    return Statement(
        f"ALTER TABLE {quote(change.table)}\n    DROP CONSTRAINT IF EXISTS {name},\n"
        f"    ADD CONSTRAINT {name} {definition} NOT VALID"
    )


def _are_conditions(*definitions: str) -> bool:
    """Tell whether CHECKs are conditions with no option behind them."""
    return all(each.startswith(_CHECK) and each.endswith(")") for each in definitions)


def _new_name(change: Change) -> str:
    return shorten(change.name + NEW)


def _on_partitions(change: Change, name: str, *, after: bool) -> ops.MigrateOperation:
    side = change.after if after else change.before
    return CreatePartitionedIndexOp(name, change.table, *definition_of(change.identity, side))


def _rename(name: str, aside: str, takes_over: str) -> Operations:
    return [
        Statement(f"ALTER INDEX {quote(name)} RENAME TO {quote(aside)}"),
        Statement(f"ALTER INDEX {quote(takes_over)} RENAME TO {quote(name)}"),
    ]
