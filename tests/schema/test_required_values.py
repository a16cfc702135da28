"""NOT NULL, nullable columns and defaults, tried with rows (SDS section 8, R3, R4, R6, R13)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from tests.schema.cases import each_column, each_table
from tests.schema.documents.notation import NEW_UUID, Column, Table
from tests.schema.rows import NOT_NULL_VIOLATION, make_row, refused


@each_table
def test_row_with_only_the_required_values_is_accepted(
    connection: Connection, table: Table
) -> None:
    row = make_row(connection, table.name)
    assert {name for name, value in row.items() if value is None} == {
        column.name for column in table.columns if column.nullable
    }


@each_column(lambda _, column: not column.nullable)
def test_null_is_refused(connection: Connection, table: Table, column: Column) -> None:
    with refused(connection, NOT_NULL_VIOLATION, by=column.name):
        make_row(connection, table.name, **{column.name: None})


@each_column(lambda _, column: column.nullable)
def test_null_is_accepted(connection: Connection, table: Table, column: Column) -> None:
    assert make_row(connection, table.name, **{column.name: None})[column.name] is None


@each_column(lambda _, column: not column.nullable and column.default is None)
def test_omitted_value_without_a_default_is_refused(
    connection: Connection, table: Table, column: Column
) -> None:
    row = make_row(connection, table.name)
    given = [name for name in row if name not in (column.name, "id")]
    listed = ", ".join(f'"{name}"' for name in given)
    with refused(connection, NOT_NULL_VIOLATION, by=column.name):
        connection.execute(
            text(
                f"INSERT INTO {table.name} ({listed})"
                f" SELECT {listed} FROM {table.name} WHERE id = :id"
            ),
            {"id": row["id"]},
        )


@each_column(lambda _, column: column.default is not None and column.name != "id")
def test_omitted_value_becomes_the_default(
    connection: Connection, table: Table, column: Column
) -> None:
    documented = connection.execute(text(f"SELECT {column.default}")).scalar_one()
    assert make_row(connection, table.name)[column.name] == documented


@each_column(lambda _, column: column.default == NEW_UUID)
def test_omitted_id_becomes_a_new_random_uuid(
    connection: Connection, table: Table, column: Column
) -> None:
    ids: list[Any] = [make_row(connection, table.name)["id"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert {UUID(str(value)).version for value in ids} == {4}


def test_omitted_usage_log_id_becomes_the_next_number(connection: Connection) -> None:
    first, second = (make_row(connection, "usage_logs")["id"] for _ in range(2))
    assert second == first + 1
