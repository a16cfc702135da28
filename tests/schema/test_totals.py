"""The documents' totals: a line lost from the tables written down here would go unnoticed else."""

from tests.schema.documents import TABLES

COLUMNS = [column for table in TABLES for column in table.columns]


def test_documents_have_22_tables() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES) == 22


def test_documents_have_226_columns() -> None:
    assert len(COLUMNS) == 226


def test_documents_have_42_foreign_keys() -> None:
    assert sum(column.references is not None for column in COLUMNS) == 42


def test_documents_have_15_checks() -> None:
    assert sum(column.condition is not None for column in COLUMNS) == 15


def test_documents_have_10_unique_constraints() -> None:
    assert sum(len(table.uniques) for table in TABLES) == 10


def test_documents_have_64_named_secondary_indexes() -> None:
    assert len({index.name for table in TABLES for index in table.indexes}) == 64


def test_documents_have_15_tables_with_updated_at() -> None:
    assert sum(table.has_updated_at for table in TABLES) == 15


def test_documents_have_three_partitioned_tables() -> None:
    assert {table.name: table.partitioned_by for table in TABLES if table.partitioned_by} == {
        "credit_transactions": "created_at",
        "usage_logs": "timestamp",
        "notifications": "created_at",
    }


def test_documents_cascade_updates_of_brand_kits_only() -> None:
    assert {
        (table.name, column.name)
        for table in TABLES
        for column in table.columns
        if column.references and column.references.on_update == "CASCADE"
    } == {("workbenches", "default_brand_kit_id"), ("projects", "brand_kit_id")}
