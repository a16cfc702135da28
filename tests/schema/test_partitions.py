"""Partitioning in the catalog and in use (R9, R23)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from tests.schema import catalog
from tests.schema.cases import each_partitioned_table
from tests.schema.documents import TABLES
from tests.schema.documents.notation import Table
from tests.schema.rows import UNIQUE_VIOLATION, make_row, refused

PARTITIONED = [table for table in TABLES if table.partitioned_by]

# Far from any month that a maintenance job might have made a partition for.
MONTH = datetime(2071, 2, 1, tzinfo=UTC)
NEXT_MONTH = datetime(2071, 3, 1, tzinfo=UTC)
WITHIN = datetime(2071, 2, 14, 12, tzinfo=UTC)
LAST_MICROSECOND = datetime(2071, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)


def test_partition_keys_are_those_of_the_documents(connection: Connection) -> None:
    assert catalog.partition_keys(connection) == {
        table.name: f"RANGE ({catalog.printed(connection, (_key(table),))})"
        for table in PARTITIONED
    }


def test_each_partitioned_table_has_its_default_partition(connection: Connection) -> None:
    assert catalog.default_partitions(connection) == {
        table.name: f"{table.name}_default" for table in PARTITIONED
    }


@each_partitioned_table
@pytest.mark.parametrize("moment", [MONTH, WITHIN, LAST_MICROSECOND], ids=str)
def test_row_goes_to_the_partition_of_its_month(
    connection: Connection, table: Table, moment: datetime
) -> None:
    partition = _create_month(connection, table)
    assert _partition_of_new_row(connection, table, moment) == partition


@each_partitioned_table
def test_month_ends_before_the_first_instant_of_the_next(
    connection: Connection, table: Table
) -> None:
    _create_month(connection, table)
    assert _partition_of_new_row(connection, table, NEXT_MONTH) == f"{table.name}_default"


@each_partitioned_table
@pytest.mark.parametrize("moment", ["-infinity", "1970-01-01", "9999-12-31", "infinity"])
def test_row_of_no_month_goes_to_the_default_partition(
    connection: Connection, table: Table, moment: str
) -> None:
    assert _partition_of_new_row(connection, table, moment) == f"{table.name}_default"


@each_partitioned_table
def test_row_whose_month_changes_moves_to_the_other_partition(
    connection: Connection, table: Table
) -> None:
    partition = _create_month(connection, table)
    row = make_row(connection, table.name, **{_key(table): WITHIN})
    moved = connection.execute(
        text(
            f'UPDATE {table.name} SET "{_key(table)}" = :moment WHERE id = :id'
            " RETURNING tableoid::regclass::text"
        ),
        {"moment": NEXT_MONTH, "id": row["id"]},
    ).scalar_one()
    assert (moved, partition) == (f"{table.name}_default", f"{table.name}_p20710201")


@each_partitioned_table
def test_same_id_at_another_instant_is_accepted(connection: Connection, table: Table) -> None:
    identifier = 7 if table.column("id").type == "bigint" else uuid4()
    make_row(connection, table.name, **{"id": identifier, _key(table): MONTH})
    make_row(connection, table.name, **{"id": identifier, _key(table): WITHIN})


@each_partitioned_table
def test_same_id_at_the_same_instant_is_refused(connection: Connection, table: Table) -> None:
    identifier = 7 if table.column("id").type == "bigint" else uuid4()
    make_row(connection, table.name, **{"id": identifier, _key(table): WITHIN})
    with refused(connection, UNIQUE_VIOLATION):
        make_row(connection, table.name, **{"id": identifier, _key(table): WITHIN})


def _key(table: Table) -> str:
    assert table.partitioned_by is not None
    return table.partitioned_by


def _create_month(connection: Connection, table: Table) -> str:
    """Add the partition of February 2071 and return its name."""
    partition = f"{table.name}_p20710201"
    bounds = f"FROM ('{MONTH.isoformat()}') TO ('{NEXT_MONTH.isoformat()}')"
    connection.execute(
        text(f"CREATE TABLE {partition} PARTITION OF {table.name} FOR VALUES {bounds}")
    )
    return partition


def _partition_of_new_row(connection: Connection, table: Table, moment: datetime | str) -> str:
    row = make_row(connection, table.name, **{_key(table): moment})
    name: str = connection.execute(
        text(f"SELECT tableoid::regclass::text FROM {table.name} WHERE id = :id"),
        {"id": row["id"]},
    ).scalar_one()
    return name
