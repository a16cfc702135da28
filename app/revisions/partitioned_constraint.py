"""``op.build_partitioned_constraint`` and its like: unique rules of partitioned tables in use.

FROZEN: merged revisions call these operations, and a revision written years ago must still do what
it did (docs/decisions/060-online-forms.md). What is to work differently gets another name.

PostgreSQL takes no index for a unique constraint or primary key of a partitioned table. It takes
the constraint on the table alone, one with an index on each partition, and attaching these. So the
indexes are built first, CONCURRENTLY; then, in one short transaction, the constraint takes the
place of the one that has its name, with what it finds built. Killed anywhere, a build goes on where
it was: what is complete stays, and an INVALID index is built anew.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple, Protocol

from alembic.operations import MigrateOperation, Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, text

from .partitioned_index import _name_on as name_on

NAME_LENGTH = 63  # bytes, PostgreSQL's limit

_KINDS = ("UNIQUE", "PRIMARY KEY")
_NULLS = "NULLS NOT DISTINCT "
_DEFERRABLE = (" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE")

_PARTITIONS = text("""
SELECT inhrelid, inhrelid::regclass::text, relname, relkind = 'p',
       relnamespace = to_regnamespace(quote_ident(current_schema()))
FROM pg_inherits JOIN pg_class ON oid = inhrelid
WHERE inhparent = CAST(:table AS regclass) ORDER BY relname""")
_STANDS = text("""
SELECT FROM pg_constraint AS con JOIN pg_index ON indexrelid = conindid
WHERE conrelid = CAST(:table AS regclass) AND conname = :name AND indisvalid
      AND pg_get_constraintdef(con.oid) = :definition""")
_VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:index)")
# A constraint that a partition had of its own is as good as what is built.
_ITS_OWN = text("""
SELECT conname FROM pg_constraint AS con JOIN pg_index ON indexrelid = conindid
WHERE conrelid = CAST(:partition AS regclass) AND conparentid = 0 AND indisvalid
      AND pg_get_constraintdef(con.oid) = :definition LIMIT 1""")
_INDEX = text("""
SELECT indisvalid, EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
       OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = indexrelid) AS is_taken
FROM pg_index WHERE indexrelid = to_regclass(:index)""")


class _Named(Protocol):
    name: str
    table_name: str


class _Operation(MigrateOperation):
    def __init__(self, name: str, table_name: str, definition: str) -> None:
        self.name = name
        self.table_name = table_name
        self.definition = definition

    @classmethod
    def apply(cls, operations: Operations, name: str, table_name: str, definition: str) -> None:
        """Take the constraint's name, its table, and its ``definition``: ``UNIQUE (a, b)``.

        The definition is as ``pg_get_constraintdef`` prints it.

        Raises:
            CommandError: offline, for only the database knows its partitions; or a partition is in
                another schema.
        """
        operations.invoke(cls(name, table_name, definition))


@Operations.register_operation("build_partitioned_constraint", "apply")
class BuildPartitionedConstraintOp(_Operation):
    """Build on each partition the index that the constraint will have there; block nobody."""


@Operations.register_operation("put_partitioned_constraint", "apply")
class PutPartitionedConstraintOp(_Operation):
    """Put the constraint in the place of the one that has its name, with the indexes built."""


@Operations.register_operation("clear_partitioned_constraint", "apply")
class ClearPartitionedConstraintOp(_Operation):
    """Drop the indexes that were built and that no constraint has taken."""


@Operations.register_operation("clear_partitioned_index")
class ClearPartitionedIndexOp(MigrateOperation):
    """Drop what ``op.create_partitioned_index`` built and did not attach before it was stopped."""

    def __init__(self, index_name: str, table_name: str) -> None:
        self.name = index_name
        self.table_name = table_name

    @classmethod
    def clear_partitioned_index(
        cls, operations: Operations, index_name: str, table_name: str
    ) -> None:
        """Take the index's name, and its table."""
        operations.invoke(cls(index_name, table_name))


class _Partition(NamedTuple):
    oid: int
    quoted: str
    name: str
    is_partitioned: bool


@Operations.implementation_for(BuildPartitionedConstraintOp)
def _build(operations: Operations, op: BuildPartitionedConstraintOp) -> None:
    context = operations.get_context()
    _refuse_script(context, op)
    with context.autocommit_block():
        connection = operations.get_bind()
        if _stands(connection, op):
            return
        _run(connection, "SET statement_timeout = 0")
        while left := [
            each
            for each in _leaves(connection, op, _quote(op.table_name))
            if _its_own(connection, op, each) is None and _built(connection, op, each) is None
        ]:
            for partition in left:
                _build_index(connection, op, partition)


@Operations.implementation_for(PutPartitionedConstraintOp)
def _put(operations: Operations, op: PutPartitionedConstraintOp) -> None:
    _refuse_script(operations.get_context(), op)
    connection, table = operations.get_bind(), _quote(op.table_name)
    if _stands(connection, op):
        return
    _run(connection, f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {_quote(op.name)}")
    _place(connection, op, table, _quote(op.name))


@Operations.implementation_for(ClearPartitionedConstraintOp)
@Operations.implementation_for(ClearPartitionedIndexOp)
def _clear(
    operations: Operations, op: ClearPartitionedConstraintOp | ClearPartitionedIndexOp
) -> None:
    # What a script undoes was done whole.
    if operations.get_context().as_sql:
        return
    connection = operations.get_bind()
    for partition in _leaves(connection, op, _quote(op.table_name)):
        for index in (
            (_quote(name_on(partition.name, op.name)),)
            if isinstance(op, ClearPartitionedIndexOp)
            else _names(op, partition)
        ):
            found = connection.execute(_INDEX, {"index": index}).one_or_none()
            if found and not found.is_taken:
                _run(connection, f"DROP INDEX {index}")


def _place(connection: Connection, op: _Operation, table: str, name: str) -> None:
    """Give ``table`` the constraint ``name``, and have its partitions' attached to it."""
    _run(connection, f"ALTER TABLE ONLY {table} ADD CONSTRAINT {name} {op.definition}")
    for partition in _partitions(connection, op, table):
        own = _names(op, partition)[0]
        if partition.is_partitioned:
            _place(connection, op, partition.quoted, own)
        else:
            own = _adopt(connection, op, partition) or own
        _run(connection, f"ALTER INDEX {name} ATTACH PARTITION {own}")
    if not connection.execute(_VALID, {"index": name}).scalar():
        raise CommandError(
            f"Constraint {op.name} is on all partitions of {op.table_name} but not valid.\n"
            "Nothing was changed. Run the command again."
        )


def _adopt(connection: Connection, op: _Operation, partition: _Partition) -> str | None:
    """Make the constraint of a partition, and return its name; of what is built, if it is."""
    own = _its_own(connection, op, partition)
    if own is not None:
        return _quote(own)
    built = _built(connection, op, partition)
    kind, _, deferrable = _parts(op.definition)
    alter = f"ALTER TABLE {partition.quoted} ADD CONSTRAINT"
    if built is None:
        # A partition that came since: it has hardly a row.
        _run(connection, f"{alter} {_names(op, partition)[0]} {op.definition}")
    else:
        _run(connection, f"{alter} {built} {kind} USING INDEX {built}{deferrable}")
    return built


def _build_index(connection: Connection, op: _Operation, partition: _Partition) -> None:
    """Build the index of one partition, which waits for older transactions and blocks nobody."""
    index = next(each for each in _names(op, partition) if not _is_taken(connection, each))
    _, columns, _ = _parts(op.definition)
    lock_timeout = connection.execute(text("SHOW lock_timeout")).scalar_one()
    _run(connection, "SET lock_timeout = 0")
    _run(connection, f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
    _run(connection, f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {partition.quoted} {columns}")
    _run(connection, f"SET lock_timeout = '{lock_timeout}'")


def _its_own(connection: Connection, op: _Operation, partition: _Partition) -> str | None:
    what = {"partition": partition.quoted, "definition": op.definition}
    own: str | None = connection.execute(_ITS_OWN, what).scalar()
    return own


def _built(connection: Connection, op: _Operation, partition: _Partition) -> str | None:
    """Return the valid index that was built on ``partition`` and that no constraint has taken."""
    for index in _names(op, partition):
        if connection.execute(_INDEX, {"index": index}).one_or_none() == (True, False):
            return index
    return None


def _is_taken(connection: Connection, index: str) -> bool:
    found = connection.execute(_INDEX, {"index": index}).one_or_none()
    return found is not None and bool(found.is_taken)


def _stands(connection: Connection, op: _Operation) -> bool:
    what = {"table": _quote(op.table_name), "name": op.name, "definition": op.definition}
    return connection.execute(_STANDS, what).one_or_none() is not None


def _leaves(connection: Connection, op: _Named, table: str) -> Iterator[_Partition]:
    for partition in _partitions(connection, op, table):
        if partition.is_partitioned:
            yield from _leaves(connection, op, partition.quoted)
        else:
            yield partition


def _partitions(connection: Connection, op: _Named, table: str) -> Iterator[_Partition]:
    """Yield the partitions of ``table``; where indexes are only cleared away, those in reach."""
    clears = isinstance(op, ClearPartitionedConstraintOp | ClearPartitionedIndexOp)
    for *partition, is_here in connection.execute(_PARTITIONS, {"table": table}).all():
        if is_here:
            yield _Partition(*partition)
        elif not clears:
            raise CommandError(
                f"Partition {partition[2]} of {op.table_name} is in another schema.\n"
                f"{op.name} is not there: write its revision by hand."
            )


def _refuse_script(context: MigrationContext, op: _Operation) -> None:
    if context.as_sql:
        raise CommandError(
            f"Constraint {op.name} is made on each partition of {op.table_name}, and only the "
            "database knows those: no script can be written for it.\n"
            "Nothing was changed. Run alembic upgrade on a connection, with a script up to the "
            "revision before this one if need be."
        )


def _parts(definition: str) -> tuple[str, str, str]:
    """Return the kind, what CREATE INDEX says behind the table, and what the constraint adds."""
    kind = next(each for each in _KINDS if definition.startswith(each))
    deferrable = next((each for each in _DEFERRABLE if definition.endswith(each)), "")
    columns = definition.removeprefix(f"{kind} ").removesuffix(deferrable)
    if columns.startswith(_NULLS):
        columns = f"{columns.removeprefix(_NULLS)} {_NULLS.rstrip()}"
    return kind, columns, deferrable


def _run(connection: Connection, statement: str) -> None:
    # text() takes a colon for a parameter.
    connection.execute(text(statement.replace(":", r"\:")))


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _names(op: _Operation, partition: _Partition) -> tuple[str, str]:
    """Return what the index of a partition is called: the same in every attempt.

    A constraint of the same definition may have the first name when it is made again.
    """
    digest = sha256(op.definition.encode()).hexdigest()[:8]
    first, second = (_shorten(f"{partition.name}_{op.name}_{digest}{end}") for end in ("", "_2"))
    return _quote(first), _quote(second)


def _shorten(name: str) -> str:
    encoded = name.encode()
    if len(encoded) <= NAME_LENGTH:
        return name
    return f"{encoded[: NAME_LENGTH - 9].decode(errors='ignore')}_{sha256(encoded).hexdigest()[:8]}"
