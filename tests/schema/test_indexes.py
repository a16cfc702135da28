"""Indexes of the catalog against the documents (SDS section 9, R7, R8)."""

from sqlalchemy import Connection

from tests.schema import catalog
from tests.schema.cases import each_table
from tests.schema.documents.notation import Table


@each_table
def test_indexes_are_those_of_the_documents(connection: Connection, table: Table) -> None:
    assert catalog.secondary_indexes(connection, table.name) == {
        index.name: (list(index.columns), index.method, index.unique, index.where, True)
        for index in table.indexes
    }


def test_no_two_indexes_are_alike(connection: Connection) -> None:
    assert catalog.indexes_alike(connection) == []


def test_indexes_sort_as_usual_and_include_nothing(connection: Connection) -> None:
    assert catalog.indexes_that_differ_from_the_usual(connection) == []


@each_table
def test_each_foreign_key_has_an_index(connection: Connection, table: Table) -> None:
    indexed = catalog.first_columns_of_full_indexes(connection, table.name)
    assert {column.name for column in table.columns if column.references} - indexed == set()
