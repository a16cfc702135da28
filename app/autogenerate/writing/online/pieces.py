"""What the forms put together: operations besides Alembic's own, and the pieces that hold them."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import count

from alembic.operations import ops

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ....server.quoting import quote_literal
from ...changes.kinds import KINDS
from ...changes.sql import Statement, quote
from ...changes.steps import Step

Operations = Sequence[ops.MigrateOperation]

# The same ALTER TABLE on each partition, whichever there are when the revision runs.
_BLOCK = """\
DECLARE
    partition regclass;
BEGIN
    FOR partition IN
        {query}
    LOOP
        EXECUTE format({statement}, partition);
    END LOOP;
END"""


class Remark(ops.MigrateOperation):
    """A comment on the operation that follows."""

    def __init__(self, text: str) -> None:
        self.text = text


class Autocommit(ops.MigrateOperation):
    """Operations outside any transaction."""

    def __init__(self, operations: Operations) -> None:
        self.operations = list(operations)


NO_STATEMENT_TIMEOUT = Statement("SET statement_timeout = 0")
"""For what reads whole tables, outside any transaction."""
NO_LIMITS = (Statement("SET lock_timeout = 0"), NO_STATEMENT_TIMEOUT)
"""For what waits for old transactions or reads whole tables, and blocks nobody meanwhile."""


@dataclass(frozen=True)
class Change:
    """What happens to one object of a table that exists: it goes, it comes, or both."""

    identity: Identity
    before: Snapshot
    after: Snapshot
    drop: Step | None = None
    create: Step | None = None
    partitioned: bool = False
    fits: bool = False
    """Whether no row that the object admitted before can break what it becomes."""
    fits_before: bool = False
    """Whether no row that it admits in the end could have broken what it was."""

    @property
    def table(self) -> str:
        """The table of the object."""
        return self.identity.table or ""

    @property
    def name(self) -> str:
        """The name of the object."""
        return self.identity.name


@dataclass(frozen=True)
class Piece:
    """Operations that one revision holds, with their way back.

    ``alone``: nothing else may be in that revision, for one direction commits in between.
    ``scans``: reads the whole table under a weak lock, and so runs before any strong one is taken.
    ``later``: needs the piece before it to be committed.
    ``removes``: takes away what the running application may still use, and so comes last of all.
    ``title``: what a revision that holds nothing else is called; else after its object.
    """

    forward: Operations
    backward: Operations
    alone: bool = False
    scans: bool = False
    later: bool = False
    removes: bool = False
    title: str = ""


def restored(change: Change, name: str) -> list[ops.MigrateOperation]:
    """Return what gives an object back its comment and properties; it is called ``name`` again."""
    if change.drop is None:
        return []
    operations: list[ops.MigrateOperation] = []
    for part in sorted(each for each in change.drop.covers if each != change.identity):
        again = part._replace(name=name + part.name.removeprefix(change.name))
        create = KINDS[part.kind].create(again, {again: change.before[part]})
        operations += map(Statement, create)
    return operations


def drop_if_exists(change: Change) -> ops.MigrateOperation:
    """Return what drops a constraint, be it there or not."""
    drop = change.drop.forward[0] if change.drop else None
    if change.create and not change.drop:
        drop = change.create.backward[0]
    if isinstance(drop, ops.DropConstraintOp):
        calm = copy(drop)
        calm.if_exists = True
        return calm
    table, name = quote(change.table), quote(change.name)
    return Statement(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")


def block(query: str, *actions: str) -> Statement:
    """Return a block that runs ALTER TABLE with ``actions`` on each table that ``query`` gives."""
    # format() takes % for its own.
    escaped = [action.replace("%", "%%") for action in actions]
    statement = ",\n            ".join(["ALTER TABLE %s " + escaped[0], *escaped[1:]])
    body = _BLOCK.format(query=query, statement=quote_literal(statement))
    tag = next(each for each in _tags() if each not in body)
    return Statement(f"DO {tag}\n{body}\n{tag}")


def _tags() -> Iterator[str]:
    """Yield what may stand around the text of a block, the plainest first."""
    return (f"$do{'_' * n}$" for n in count())
