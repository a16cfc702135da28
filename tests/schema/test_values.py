"""CHECK lists, lengths and ranges, tried with rows (SDS section 8, R14)."""

from decimal import Decimal

import pytest
from sqlalchemy import Connection

from tests.schema.cases import each_column
from tests.schema.documents import TABLES
from tests.schema.documents.notation import AMOUNT, Column, Table
from tests.schema.rows import (
    CHECK_VIOLATION,
    NUMBER_OUT_OF_RANGE,
    TEXT_TOO_LONG,
    make_row,
    refused,
)

each_listed_value = pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        pytest.param(table, column, value, id=f"{table.name}.{column.name}={value}")
        for table in TABLES
        for column in table.columns
        for value in column.one_of
    ],
)
each_list = each_column(lambda _, column: bool(column.one_of))
each_text = each_column(lambda _, column: column.length is not None)
each_amount = each_column(lambda _, column: column.type == AMOUNT)


@each_listed_value
def test_listed_value_is_accepted(
    connection: Connection, table: Table, column: Column, value: str
) -> None:
    assert make_row(connection, table.name, **{column.name: value})[column.name] == value


@each_listed_value
def test_listed_value_in_other_case_is_refused(
    connection: Connection, table: Table, column: Column, value: str
) -> None:
    with refused(connection, CHECK_VIOLATION, by=f"ck_{table.name}_{column.name}"):
        make_row(connection, table.name, **{column.name: value.swapcase()})


@each_list
@pytest.mark.parametrize("value", ["Other", ""], ids=["other", "empty"])
def test_value_not_listed_is_refused(
    connection: Connection, table: Table, column: Column, value: str
) -> None:
    with refused(connection, CHECK_VIOLATION, by=f"ck_{table.name}_{column.name}"):
        make_row(connection, table.name, **{column.name: value})


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_rating_from_1_to_5_is_accepted(connection: Connection, rating: int) -> None:
    assert make_row(connection, "ai_model_feedbacks", rating=rating)["rating"] == rating


@pytest.mark.parametrize("rating", [-1, 0, 6])
def test_rating_below_1_or_above_5_is_refused(connection: Connection, rating: int) -> None:
    with refused(connection, CHECK_VIOLATION, by="ck_ai_model_feedbacks_rating"):
        make_row(connection, "ai_model_feedbacks", rating=rating)


@each_text
def test_text_of_the_full_length_is_not_too_long(
    connection: Connection, table: Table, column: Column
) -> None:
    assert column.length is not None
    longest = "é" * column.length
    if column.one_of:
        # Not in the list either: that the list refuses it shows that the length did not.
        with refused(connection, CHECK_VIOLATION):
            make_row(connection, table.name, **{column.name: longest})
    else:
        assert make_row(connection, table.name, **{column.name: longest})[column.name] == longest


@each_text
def test_text_of_one_character_more_is_refused(
    connection: Connection, table: Table, column: Column
) -> None:
    assert column.length is not None
    with refused(connection, TEXT_TOO_LONG):
        make_row(connection, table.name, **{column.name: "é" * (column.length + 1)})


@each_amount
@pytest.mark.parametrize("amount", ["99999999.99", "-99999999.99", "0.01"])
def test_amount_of_ten_digits_is_stored_exactly(
    connection: Connection, table: Table, column: Column, amount: str
) -> None:
    row = make_row(connection, table.name, **{column.name: Decimal(amount)})
    assert str(row[column.name]) == amount


@each_amount
@pytest.mark.parametrize("amount", ["100000000.00", "-100000000.00", "99999999.995"])
def test_amount_of_eleven_digits_is_refused(
    connection: Connection, table: Table, column: Column, amount: str
) -> None:
    with refused(connection, NUMBER_OUT_OF_RANGE):
        make_row(connection, table.name, **{column.name: Decimal(amount)})
