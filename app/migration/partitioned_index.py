"""``op.create_partitioned_index``: an index on a partitioned table in use, partition by partition.

FROZEN: merged revisions call this operation, and a revision written years ago must still do what it
did (docs/decisions/060-online-forms.md). What is to work differently gets another name.

PostgreSQL builds no index on a partitioned table CONCURRENTLY. It takes an empty one on the table
alone, one built CONCURRENTLY on each partition, and attaching these; when the last is attached, the
index is valid. Killed anywhere, the operation goes on where it was: what is attached stays, an
index that is not is built anew.
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
SELECT inhrelid::regclass::text, relname, relkind = 'p'
FROM pg_inherits JOIN pg_class ON oid = inhrelid
WHERE inhparent = %s::regclass AND NOT EXISTS (
    SELECT FROM pg_index AS part JOIN pg_inherits AS attached ON attached.inhrelid = indexrelid
    WHERE part.indrelid = oid AND attached.inhparent = %s::regclass)
ORDER BY relname"""


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
    quote = context.impl.dialect.identifier_preparer.quote
    index, table = quote(op.index_name), quote(op.table_name)
    _create_on_table_alone(operations.get_bind(), op, index, table)
    with context.autocommit_block():
        connection = operations.get_bind()
        lock_timeout = connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
        connection.exec_driver_sql("SET statement_timeout = 0")
        while left := connection.exec_driver_sql(_LEFT, (table, index)).all():
            for partition, name, is_partitioned in left:
                if is_partitioned:
                    raise CommandError(
                        f"Partition {name} of {op.table_name} is partitioned itself.\n"
                        f"Index {op.index_name} is unfinished: write its revision by hand."
                    )
                own = quote(_name_on(name, op.index_name))
                # Waits for older transactions, and blocks nobody meanwhile.
                connection.exec_driver_sql("SET lock_timeout = 0")
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {own}")
                connection.exec_driver_sql(_create(op, "CONCURRENTLY ", own, partition))
                connection.exec_driver_sql(f"SET lock_timeout = '{lock_timeout}'")
                connection.exec_driver_sql(f"ALTER INDEX {index} ATTACH PARTITION {own}")


def _create_on_table_alone(
    connection: Connection, op: CreatePartitionedIndexOp, index: str, table: str
) -> None:
    """Create the index on the table without its partitions; keep what an earlier attempt left."""
    only = f"ONLY {table}"
    if connection.exec_driver_sql("SELECT to_regclass(%s)", (index,)).scalar() is not None:
        probe = connection.dialect.identifier_preparer.quote(_name_on(op.table_name, "probe"))
        savepoint = connection.begin_nested()
        connection.exec_driver_sql(_create(op, "", probe, only))
        different = connection.exec_driver_sql(_DIFFERENT, (index, probe)).scalar()
        savepoint.rollback()
        if not different:
            return
        connection.exec_driver_sql(f"DROP INDEX {index}")
    connection.exec_driver_sql(_create(op, "", index, only))


def _create(op: CreatePartitionedIndexOp, how: str, index: str, relation: str) -> str:
    unique = "UNIQUE " if op.unique else ""
    statement = f"CREATE {unique}INDEX {how}{index} ON {relation} {op.definition}"
    # The driver takes % for its own.
    return statement.replace("%", "%%")


def _name_on(relation: str, index: str) -> str:
    """Return the name of the index on one partition: the same in every attempt."""
    name = f"{relation}_{index}"
    digest = sha256(name.encode()).hexdigest()[:8]
    return name if len(name.encode()) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 9]}_{digest}"
