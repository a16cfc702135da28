"""updated_at in all the cases of R5, on every table that has it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.schema.cases import each_stamped_table
from tests.schema.documents.notation import Table
from tests.schema.rows import NOT_NULL_VIOLATION, Row, make_row, refused

OLD = datetime(2020, 1, 1, tzinfo=UTC)
OTHER = datetime(2021, 6, 1, tzinfo=UTC)


@each_stamped_table
def test_insert_keeps_the_value_it_gives(connection: Connection, table: Table) -> None:
    assert make_row(connection, table.name, updated_at=OLD)["updated_at"] == OLD


@each_stamped_table
def test_update_of_another_column_is_stamped(connection: Connection, table: Table) -> None:
    assert _after(connection, table, "created_at = created_at + interval '1 day'") == _now(
        connection
    )


@each_stamped_table
def test_update_that_changes_nothing_is_stamped(connection: Connection, table: Table) -> None:
    assert _after(connection, table, "id = id") == _now(connection)


@each_stamped_table
def test_update_that_assigns_the_value_already_there_is_stamped(
    connection: Connection, table: Table
) -> None:
    assert _after(connection, table, "updated_at = :old", old=OLD) == _now(connection)


@each_stamped_table
def test_update_that_sets_a_different_value_keeps_it(connection: Connection, table: Table) -> None:
    assert _after(connection, table, "updated_at = :other", other=OTHER) == OTHER


@each_stamped_table
def test_update_to_null_is_refused(connection: Connection, table: Table) -> None:
    row = make_row(connection, table.name)
    with refused(connection, NOT_NULL_VIOLATION, by="updated_at"):
        _update(connection, table, row, "updated_at = NULL")


@each_stamped_table
@pytest.mark.parametrize("assignment", ["id = id", "updated_at = updated_at"])
def test_update_of_a_replica_is_not_stamped(
    connection: Connection, table: Table, assignment: str
) -> None:
    row = make_row(connection, table.name, updated_at=OLD)
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    assert _update(connection, table, row, assignment) == OLD


def test_rows_of_a_monthly_partition_are_stamped(connection: Connection) -> None:
    connection.execute(
        text(
            "CREATE TABLE notifications_p20710201 PARTITION OF notifications"
            " FOR VALUES FROM ('2071-02-01 00:00+00') TO ('2071-03-01 00:00+00')"
        )
    )
    row = make_row(connection, "notifications", created_at="2071-02-14", updated_at=OLD)
    stamped = connection.execute(
        text("UPDATE notifications_p20710201 SET id = id WHERE id = :id RETURNING updated_at"),
        {"id": row["id"]},
    ).scalar_one()
    assert stamped == _now(connection)


def test_rows_that_lose_a_reference_are_stamped(connection: Connection) -> None:
    kit = make_row(connection, "brand_kits")
    bench = make_row(connection, "workbenches", default_brand_kit_id=kit["id"], updated_at=OLD)
    connection.execute(text("DELETE FROM brand_kits WHERE id = :id"), {"id": kit["id"]})
    sql = text("SELECT updated_at FROM workbenches WHERE id = :id")
    assert connection.execute(sql, {"id": bench["id"]}).scalar_one() == _now(connection)


def _after(connection: Connection, table: Table, assignment: str, **values: Any) -> datetime:
    """``updated_at`` of a row last touched at OLD, after an UPDATE with this assignment."""
    row = make_row(connection, table.name, updated_at=OLD)
    return _update(connection, table, row, assignment, **values)


def _update(
    connection: Connection, table: Table, row: Row, assignment: str, **values: Any
) -> datetime:
    stamped: datetime = connection.execute(
        text(f"UPDATE {table.name} SET {assignment} WHERE id = :id RETURNING updated_at"),
        {"id": row["id"], **values},
    ).scalar_one()
    return stamped


def _now(connection: Connection) -> datetime:
    now: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return now
