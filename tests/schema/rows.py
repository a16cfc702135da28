"""Rows to try the schema with, made from the documents' tables alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, column, insert, literal_column
from sqlalchemy import table as sql_table
from sqlalchemy.exc import DBAPIError

from tests.schema.documents import BY_NAME
from tests.schema.documents.notation import Column

if TYPE_CHECKING:
    from sqlalchemy.sql.dml import ReturningInsert

Row = dict[str, Any]

NOT_NULL_VIOLATION = "23502"
FOREIGN_KEY_VIOLATION = "23503"
RESTRICT_VIOLATION = "23001"
UNIQUE_VIOLATION = "23505"
CHECK_VIOLATION = "23514"
TEXT_TOO_LONG = "22001"
NUMBER_OUT_OF_RANGE = "22003"

_numbers = count(1)


def make_row(connection: Connection, table: str, **overrides: Any) -> Row:
    """Insert a valid row and return it as stored, defaults included.

    Only what the table requires is given: NOT NULL columns without a default, with the parents
    their foreign keys need made first. ``overrides`` gives further columns, or other values; None
    stores NULL.
    """
    required = (c for c in BY_NAME[table].columns if not c.nullable and c.default is None)
    values: Row = dict(overrides)
    for needed in required:
        if needed.name not in values:
            values[needed.name] = _valid_value(connection, needed)
    target = sql_table(table, *(column(name) for name in values))
    statement: ReturningInsert[Any] = insert(target).values(values).returning(literal_column("*"))
    return dict(connection.execute(statement).mappings().one())


def _valid_value(connection: Connection, wanted: Column) -> Any:
    """A value the column takes, different on every call where its type allows."""
    if wanted.references:
        return make_row(connection, wanted.references.table)["id"]
    if wanted.one_of:
        return wanted.one_of[0]
    number = next(_numbers)
    if wanted.length:
        return f"{number}"
    if wanted.type.endswith("[]"):
        return "{}"
    return {
        "uuid": uuid4(),
        "text": f"text {number}",
        "smallint": number,
        "integer": number,
        "bigint": number,
        "real": number,
        "double precision": number,
        "numeric": Decimal(number),
        "boolean": True,
        "jsonb": "{}",
        "date": "2026-01-31",
        "timestamp with time zone": "2026-01-31 12:00+00",
        "interval": f"{number} seconds",
        "inet": "192.0.2.1",
    }[wanted.type.partition("(")[0]]


@contextmanager
def refused(connection: Connection, *states: str, by: str | None = None) -> Iterator[None]:
    """Expect the block to be refused with one of these SQLSTATEs, and undo what it did.

    ``by`` is the constraint, or for a NOT NULL violation the column, that PostgreSQL must name.
    """
    with pytest.raises(DBAPIError) as caught, connection.begin_nested():
        yield
    error: Any = caught.value.orig
    assert error.pgcode in states, error
    if by is not None:
        assert by in (error.diag.constraint_name, error.diag.column_name), error
