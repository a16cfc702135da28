"""Constraints of the catalog against the documents (SDS section 8, R6, R7, R9..R15)."""

from sqlalchemy import Connection, text

from tests.schema import catalog
from tests.schema.cases import each_table
from tests.schema.documents.notation import Table

ACTIONS = {"NO ACTION": "a", "RESTRICT": "r", "CASCADE": "c", "SET NULL": "n"}
"""Referential actions as pg_constraint abbreviates them."""


@each_table
def test_primary_key_is_id_with_the_partition_key(connection: Connection, table: Table) -> None:
    assert catalog.constraints(connection, table.name, "p") == {
        f"pk_{table.name}": f"PRIMARY KEY ({catalog.printed(connection, table.primary_key)})"
    }


@each_table
def test_unique_constraints_are_those_of_the_documents(
    connection: Connection, table: Table
) -> None:
    assert catalog.constraints(connection, table.name, "u") == {
        rule.name: f"UNIQUE ({catalog.printed(connection, rule.columns)})" for rule in table.uniques
    }


@each_table
def test_foreign_keys_are_those_of_the_documents(connection: Connection, table: Table) -> None:
    assert catalog.foreign_keys(connection, table.name) == {
        f"fk_{table.name}_{column.name}": (
            [column.name],
            column.references.table,
            ["id"],
            ACTIONS[column.references.on_delete],
            ACTIONS[column.references.on_update],
            False,
            True,
        )
        for column in table.columns
        if column.references
    }


@each_table
def test_checks_are_those_of_the_documents(connection: Connection, table: Table) -> None:
    live = catalog.constraints(connection, table.name, "c")
    # PostgreSQL prints the documents' conditions itself, on a copy of the columns.
    connection.execute(text(f"CREATE TEMPORARY TABLE documented (LIKE {table.name})"))
    for column in table.columns:
        if column.condition:
            name = f"ck_{table.name}_{column.name}"
            connection.execute(
                text(f"ALTER TABLE documented ADD CONSTRAINT {name} CHECK ({column.condition})")
            )
    assert live == catalog.constraints(connection, "documented", "c")


@each_table
def test_no_exclusion_constraints(connection: Connection, table: Table) -> None:
    assert catalog.constraints(connection, table.name, "x") == {}
