"""The scratch copy: the models built in a schema of their own that never outlives the comparison.

Everything happens inside a savepoint that is rolled back, so that nothing survives, even when
building fails half-way.
"""

import secrets
from collections import abc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, Dialect, MetaData, Sequence, event, exc
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import SchemaType

from ...catalog.snapshot import Snapshot, search_path, snapshot
from ...server.errors import INSUFFICIENT_PRIVILEGE, READ_ONLY_TRANSACTION, one_line, sqlstate
from ...server.parameters import execute_as_is
from ...server.recording import record
from ...server.settings import settings


class ModelError(CommandError):
    """The models cannot be built."""


class ScratchError(CommandError):
    """The server does not let a scratch schema be created."""


def scratch_snapshot(connection: Connection, metadata: MetaData) -> Snapshot:
    """Return the snapshot of ``metadata`` built on the server of ``connection``.

    Raises:
        ModelError: PostgreSQL or SQLAlchemy refuses the models; names the one at fault.
        ScratchError: the server lets no schema be created.
    """
    with scratch_copy(connection, [metadata]) as schema:
        return snapshot(connection, schema)


@contextmanager
def scratch_copy(
    connection: Connection,
    metadata: abc.Sequence[MetaData],
    statements: list[str] | None = None,
    borrowed: abc.Sequence[str] = (),
) -> Iterator[str]:
    """Yield the name of a schema that holds ``metadata`` and is gone afterwards.

    ``statements`` are those that build it, if they have been recorded already. What ``borrowed``
    makes is there before, for the models to rely on.

    Raises:
        ModelError, ScratchError: as :func:`scratch_snapshot`.
    """
    with scratch_schema(connection) as schema:
        # PostgreSQL keeps a function's search_path as it was quoted when the function was made.
        quoting = settings(connection, {"quote_all_identifiers": "off"})
        with search_path(connection, schema), quoting:
            for each in metadata:
                _refuse_schemas(each)
            _borrow(connection, borrowed)
            if statements is None:
                statements = record_models(metadata, connection.dialect)
            if statements is None or not _build_at_once(connection, statements):
                for each in metadata:
                    _build(connection, each)
        yield schema


@contextmanager
def scratch_schema(connection: Connection) -> Iterator[str]:
    """Yield the name of an empty schema that is gone afterwards.

    Raises:
        ScratchError: the server lets no schema be created.
    """
    schema = f"scratch_{secrets.token_hex(8)}"
    savepoint = connection.begin_nested() if connection.in_transaction() else connection.begin()
    try:
        _create_schema(connection, schema)
        yield schema
    finally:
        savepoint.rollback()


def record_models(metadata: abc.Sequence[MetaData], dialect: Dialect) -> list[str] | None:
    """Return the statements that build ``metadata``; None where that takes a real connection.

    None also where a model is wrong: building it one statement at a time will tell which.
    """
    try:
        return [made.sql for each in metadata for made in record(each.create_all, dialect)]
    except Exception:  # whatever a handler misses in the recorder, it will find in a connection
        return None


def _create_schema(connection: Connection, schema: str) -> None:
    try:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except exc.DBAPIError as error:
        if sqlstate(error) not in (INSUFFICIENT_PRIVILEGE, READ_ONLY_TRANSACTION):
            raise
        raise ScratchError(
            "The models cannot be compared here, because the scratch schema cannot be created: "
            f"{one_line(error)}.\nNothing was changed. Let the role CREATE in the database, or "
            "build the scratch copy on another server of the same major version: "
            "-x scratch_url=postgresql://…, or -x scratch_url=embedded"
        ) from error


def _borrow(connection: Connection, borrowed: abc.Sequence[str]) -> None:
    """Make what the models need and do not have; what cannot be made is not there."""
    for statement in borrowed:
        with suppress(exc.DBAPIError), connection.begin_nested():
            execute_as_is(connection, statement)


def _refuse_schemas(metadata: MetaData) -> None:
    named: list[tuple[str, str, str | None]] = []
    for table in metadata.tables.values():
        named.append(("table", table.name, table.schema))
        for column in table.columns:
            item: Any = getattr(column.type, "item_type", column.type)
            if isinstance(item, SchemaType):
                named.append(("type", str(item.name), getattr(item, "schema", None)))
            if isinstance(column.default, Sequence):
                named.append(("sequence", column.default.name, column.default.schema))
    for kind, name, schema in named:
        if schema is not None:
            raise ModelError(
                f'The model of {kind} "{name}" names the schema "{schema}", but the '
                "schema is chosen at run time.\nNothing was changed. Remove schema= from the model."
            )


def _build_at_once(connection: Connection, statements: list[str]) -> bool:
    """Build the models in one round trip; return False if that fails, leaving nothing."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(";\n".join(statements))
    except exc.DBAPIError:
        return False
    return True


def _build(connection: Connection, metadata: MetaData) -> None:
    """Build the models one statement at a time, so that the one at fault can be named."""
    current: list[ClauseElement] = []

    def note(_connection: Connection, statement: ClauseElement, *_: object) -> None:
        current[:] = [statement]

    event.listen(connection, "before_execute", note)
    try:
        metadata.create_all(connection, checkfirst=False)
    except exc.SQLAlchemyError as error:
        place = _name(current[0]) if current else "the models"
        raise ModelError(
            f"The models cannot be built: {one_line(error)}\n"
            f"At fault: {place}. Nothing was changed. Correct the model and run the command again."
        ) from error
    finally:
        event.remove(connection, "before_execute", note)


def _name(statement: ClauseElement) -> str:
    """Return which object of the models ``statement`` builds."""
    item = getattr(statement, "element", getattr(statement, "target", None))
    table = getattr(item, "table", None)
    kind, name = getattr(item, "__visit_name__", "metadata"), getattr(item, "name", None)
    if kind == "metadata" or name is None:
        return "a statement attached to the MetaData"
    named = f'{kind.replace("_", " ")} "{name}"'
    return f'{named} in the model of table "{table.name}"' if table is not None else f"the {named}"
