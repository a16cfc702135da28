"""``op.create_partitioned_index``: an index on a partitioned table in use, partition by partition.

FROZEN: merged revisions call this operation, and a revision written years ago must still do what it
did (docs/decisions/060-online-forms.md). What is to work differently gets another name.

PostgreSQL builds no index on a partitioned table CONCURRENTLY. It takes an empty one on the table
alone, one built CONCURRENTLY on each partition, and attaching these; when the last is attached, the
index is valid. Killed anywhere, the operation goes on where it was: what is complete stays, and an
INVALID index is built anew.
"""

from hashlib import sha256

from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import DropIndexOp
from alembic.util import CommandError
from sqlalchemy import Connection

NAME_LENGTH = 63  # bytes, PostgreSQL's limit

# What makes two indexes the same but for their names.
_DIFFERENT = """\
SELECT count(DISTINCT (am.amname, indisunique, indnullsnotdistinct, indnkeyatts, indkey::text,
                       indclass::text, indcollation::text, indoption::text, reloptions,
                       pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid))) > 1
FROM pg_index JOIN pg_class ON oid = indexrelid JOIN pg_am AS am ON am.oid = relam
WHERE indexrelid IN (%s::regclass, %s::regclass)"""
_LEFT = """\
SELECT inhrelid::regclass::text, relname, relkind = 'p' OR relnamespace <> %s::regnamespace
FROM pg_inherits JOIN pg_class ON oid = inhrelid
WHERE inhparent = %s::regclass AND NOT EXISTS (
    SELECT FROM pg_index AS part JOIN pg_inherits AS attached ON attached.inhrelid = indexrelid
    WHERE part.indrelid = oid AND attached.inhparent = %s::regclass)
ORDER BY relname"""
_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"
_ANY_ATTACHED = """\
SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass LIMIT 1"""


@Operations.register_operation("create_partitioned_index")
class CreatePartitionedIndexOp(MigrateOperation):
    """Create an index on a partitioned table without blocking writes."""

    def __init__(
        self, index_name: str, table_name: str, definition: str, unique: bool = False
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.definition = definition
        self.unique = unique

    @classmethod
    def create_partitioned_index(
        cls,
        operations: Operations,
        index_name: str,
        table_name: str,
        definition: str,
        unique: bool = False,
    ) -> None:
        """Create ``index_name`` on ``table_name``; the revision must hold nothing else.

        ``definition`` is what CREATE INDEX says behind the table: ``USING btree (user_id)``.

        Raises:
            CommandError: offline, for only the database knows its partitions; or a partition is
                partitioned itself.
        """
        operations.invoke(cls(index_name, table_name, definition, unique))

    def reverse(self) -> DropIndexOp:
        """Return the way back, which PostgreSQL has in one transaction only."""
        return DropIndexOp(self.index_name, table_name=self.table_name, if_exists=True)


@Operations.implementation_for(CreatePartitionedIndexOp)
def _create_partitioned_index(operations: Operations, op: CreatePartitionedIndexOp) -> None:
    context = operations.get_context()
    if context.as_sql:
        raise CommandError(
            f"Index {op.index_name} is built on each partition of {op.table_name}, and only the "
            "database knows those: no script can be written for it.\n"
            "Nothing was changed. Run alembic upgrade on a connection, with a script up to the "
            "revision before this one if need be."
        )
    index, table = _quote(op.index_name), _quote(op.table_name)
    resumed = _create_on_table_alone(operations.get_bind(), op, index, table)
    with context.autocommit_block():
        connection = operations.get_bind()
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        connection.exec_driver_sql("SET statement_timeout = 0")
        while left := connection.exec_driver_sql(_LEFT, (schema, table, index)).all():
            for partition, name, is_unusual in left:
                if is_unusual:
                    raise CommandError(
                        f"Partition {name} of {op.table_name} is partitioned itself, or in another "
                        f"schema.\nIndex {op.index_name} is unfinished: write its revision by hand."
                    )
                own = _quote(_name_on(name, op.index_name))
                if not (resumed and connection.exec_driver_sql(_VALID, (own,)).scalar()):
                    _build(connection, op, own, partition)
                connection.exec_driver_sql(_escape(f"ALTER INDEX {index} ATTACH PARTITION {own}"))
        _require_valid(connection, op, index)


def _create_on_table_alone(
    connection: Connection, op: CreatePartitionedIndexOp, index: str, table: str
) -> bool:
    """Create the index on the table without its partitions; return whether it was there already."""
    only = f"ONLY {table}"
    if connection.exec_driver_sql("SELECT to_regclass(%s)", (index,)).scalar() is not None:
        probe = _quote(_name_on(op.table_name, "probe"))
        savepoint = connection.begin_nested()
        connection.exec_driver_sql(_create(op, "", probe, only))
        different = connection.exec_driver_sql(_DIFFERENT, (index, probe)).scalar()
        savepoint.rollback()
        if not different:
            return True
        connection.exec_driver_sql(_escape(f"DROP INDEX {index}"))
    connection.exec_driver_sql(_create(op, "", index, only))
    return False


def _build(connection: Connection, op: CreatePartitionedIndexOp, own: str, partition: str) -> None:
    """Build the index of one partition, which waits for older transactions and blocks nobody."""
    lock_timeout = connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
    connection.exec_driver_sql("SET lock_timeout = 0")
    connection.exec_driver_sql(_escape(f"DROP INDEX CONCURRENTLY IF EXISTS {own}"))
    connection.exec_driver_sql(_create(op, "CONCURRENTLY ", own, partition))
    connection.exec_driver_sql(f"SET lock_timeout = '{lock_timeout}'")


def _require_valid(connection: Connection, op: CreatePartitionedIndexOp, index: str) -> None:
    """See that the index is valid: PostgreSQL looks only when something is attached.

    The last partition without the index may have been dropped, and nothing attached after it.
    """
    if not connection.exec_driver_sql(_VALID, (index,)).scalar():
        attached = connection.exec_driver_sql(_ANY_ATTACHED, (index,)).scalar()
        if attached is not None:
            connection.exec_driver_sql(_escape(f"ALTER INDEX {index} ATTACH PARTITION {attached}"))
    if not connection.exec_driver_sql(_VALID, (index,)).scalar():
        raise CommandError(
            f"Index {op.index_name} is attached on all partitions of {op.table_name} but not "
            "valid.\nRun the command again; what is complete stays."
        )


def _create(op: CreatePartitionedIndexOp, how: str, index: str, relation: str) -> str:
    unique = "UNIQUE " if op.unique else ""
    return _escape(f"CREATE {unique}INDEX {how}{index} ON {relation} {op.definition}")


def _escape(statement: str) -> str:
    """Return ``statement`` as the driver takes it, for which % is its own."""
    return statement.replace("%", "%%")


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _name_on(relation: str, index: str) -> str:
    """Return the name of the index on one partition: the same in every attempt."""
    name = f"{relation}_{index}".encode()
    if len(name) <= NAME_LENGTH:
        return name.decode()
    return f"{name[: NAME_LENGTH - 9].decode(errors='ignore')}_{sha256(name).hexdigest()[:8]}"
