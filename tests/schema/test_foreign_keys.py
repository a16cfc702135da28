"""Foreign keys and their actions, tried with rows (SDS section 8, R6, R10, R12)."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from tests.schema.cases import each_column, each_foreign_key
from tests.schema.documents.notation import Action, Column, Table
from tests.schema.rows import (
    FOREIGN_KEY_VIOLATION,
    RESTRICT_VIOLATION,
    Row,
    make_row,
    refused,
)

GONE = object()


def each_key_that(on_delete: Action) -> pytest.MarkDecorator:
    """Parametrise over the foreign keys with this ON DELETE action."""
    return each_column(
        lambda _, column: column.references is not None and column.references.on_delete == on_delete
    )


def each_key_whose_updates(on_update: Action) -> pytest.MarkDecorator:
    """Parametrise over the foreign keys with this ON UPDATE action."""
    return each_column(
        lambda _, column: column.references is not None and column.references.on_update == on_update
    )


@each_foreign_key
def test_reference_to_a_row_is_accepted(
    connection: Connection, table: Table, column: Column
) -> None:
    parent, child = _family(connection, table, column)
    assert child[column.name] == parent["id"]


@each_foreign_key
def test_reference_to_no_row_is_refused(
    connection: Connection, table: Table, column: Column
) -> None:
    with refused(connection, FOREIGN_KEY_VIOLATION, by=f"fk_{table.name}_{column.name}"):
        make_row(connection, table.name, **{column.name: uuid4()})


@each_foreign_key
def test_update_to_reference_no_row_is_refused(
    connection: Connection, table: Table, column: Column
) -> None:
    _, child = _family(connection, table, column)
    with refused(connection, FOREIGN_KEY_VIOLATION, by=f"fk_{table.name}_{column.name}"):
        connection.execute(
            text(f"UPDATE {table.name} SET {column.name} = :nobody WHERE id = :id"),
            {"nobody": uuid4(), "id": child["id"]},
        )


@each_key_that("CASCADE")
def test_cascade_deletes_the_rows_of_the_deleted_and_no_others(
    connection: Connection, table: Table, column: Column
) -> None:
    parent, child = _family(connection, table, column)
    _, other = _family(connection, table, column)
    _delete(connection, column, parent)
    assert _stored(connection, table, column, child) is GONE
    assert _stored(connection, table, column, other) == other[column.name]


@each_key_that("SET NULL")
def test_set_null_keeps_the_rows_of_the_deleted_without_the_reference(
    connection: Connection, table: Table, column: Column
) -> None:
    parent, child = _family(connection, table, column)
    _, other = _family(connection, table, column)
    _delete(connection, column, parent)
    assert _stored(connection, table, column, child) is None
    assert _stored(connection, table, column, other) == other[column.name]


@each_key_that("RESTRICT")
def test_restrict_refuses_the_deletion_while_there_are_rows(
    connection: Connection, table: Table, column: Column
) -> None:
    parent, child = _family(connection, table, column)
    # PostgreSQL 18 gives RESTRICT a SQLSTATE of its own.
    with refused(
        connection,
        FOREIGN_KEY_VIOLATION,
        RESTRICT_VIOLATION,
        by=f"fk_{table.name}_{column.name}",
    ):
        _delete(connection, column, parent)
    connection.execute(text(f"DELETE FROM {table.name} WHERE id = :id"), {"id": child["id"]})
    _delete(connection, column, parent)


@each_key_whose_updates("CASCADE")
def test_new_id_reaches_the_rows_that_reference_it(
    connection: Connection, table: Table, column: Column
) -> None:
    parent, child = _family(connection, table, column)
    new_id = uuid4()
    _renumber(connection, column, parent, new_id)
    assert str(_stored(connection, table, column, child)) == str(new_id)


@each_key_whose_updates("NO ACTION")
def test_new_id_is_refused_while_there_are_rows_that_reference_the_old(
    connection: Connection, table: Table, column: Column
) -> None:
    parent, _ = _family(connection, table, column)
    with refused(connection, FOREIGN_KEY_VIOLATION, by=f"fk_{table.name}_{column.name}"):
        _renumber(connection, column, parent, uuid4())


def test_deleting_a_user_ends_at_requests_and_leaves_everything(connection: Connection) -> None:
    user = make_row(connection, "users")
    make_row(connection, "generation_requests", user_id=user["id"])
    notification = make_row(connection, "notifications", user_id=user["id"])
    with refused(connection, FOREIGN_KEY_VIOLATION, RESTRICT_VIOLATION):
        connection.execute(text("DELETE FROM users WHERE id = :id"), {"id": user["id"]})
    count = text("SELECT count(*) FROM notifications WHERE id = :id")
    assert connection.execute(count, {"id": notification["id"]}).scalar_one() == 1


def test_circle_of_asset_and_request_can_be_closed_and_deleted(connection: Connection) -> None:
    request = make_row(connection, "generation_requests")
    asset = make_row(connection, "assets", generation_request_id=request["id"])
    connection.execute(
        text(
            "UPDATE generation_requests SET selected_sample_id = :asset, final_asset_id = :asset"
            " WHERE id = :id"
        ),
        {"asset": asset["id"], "id": request["id"]},
    )
    connection.execute(text("DELETE FROM assets WHERE id = :id"), {"id": asset["id"]})
    connection.execute(
        text("DELETE FROM generation_requests WHERE id = :id"), {"id": request["id"]}
    )


def test_circle_of_version_and_result_can_be_closed_and_deleted(connection: Connection) -> None:
    result = make_row(connection, "ai_model_validation_results")
    version = {"id": result["model_version_id"], "result": result["id"]}
    connection.execute(
        text("UPDATE ai_model_versions SET validation_result_id = :result WHERE id = :id"), version
    )
    connection.execute(text("DELETE FROM ai_model_versions WHERE id = :id"), version)
    count = text("SELECT count(*) FROM ai_model_validation_results WHERE id = :result")
    assert connection.execute(count, version).scalar_one() == 0


def _family(connection: Connection, table: Table, column: Column) -> tuple[Row, Row]:
    """Make a row and one whose foreign key ``column`` references it."""
    assert column.references is not None
    parent = make_row(connection, column.references.table)
    return parent, make_row(connection, table.name, **{column.name: parent["id"]})


def _delete(connection: Connection, column: Column, parent: Row) -> None:
    assert column.references is not None
    connection.execute(
        text(f"DELETE FROM {column.references.table} WHERE id = :id"), {"id": parent["id"]}
    )


def _renumber(connection: Connection, column: Column, parent: Row, new_id: Any) -> None:
    assert column.references is not None
    connection.execute(
        text(f"UPDATE {column.references.table} SET id = :new WHERE id = :old"),
        {"new": new_id, "old": parent["id"]},
    )


def _stored(connection: Connection, table: Table, column: Column, row: Row) -> Any:
    """The foreign key of the row as it is now, GONE where the row has been deleted."""
    found = connection.execute(
        text(f"SELECT {column.name} FROM {table.name} WHERE id = :id"), {"id": row["id"]}
    ).one_or_none()
    return GONE if found is None else found[0]
