"""Comments in the catalog (R18, R19)."""

from sqlalchemy import Connection

from tests.schema import catalog
from tests.schema.cases import each_column
from tests.schema.documents import TABLES
from tests.schema.documents.notation import Column, Table
from tests.schema.documents.notes import NOTED


def test_each_table_says_its_purpose(connection: Connection) -> None:
    silent = [table for table, comment in catalog.table_comments(connection).items() if not comment]
    assert silent == []


@each_column(lambda table, column: column.name in NOTED.get(table.name, ()))
def test_column_with_a_note_in_the_documents_has_a_comment(
    connection: Connection, table: Table, column: Column
) -> None:
    assert (table.name, column.name) in catalog.column_comments(connection)


@each_column(lambda _, column: column.protection is not None)
def test_protected_column_says_how_in_its_comment(
    connection: Connection, table: Table, column: Column
) -> None:
    comment = catalog.column_comments(connection)[table.name, column.name]
    assert str(column.protection) in comment.lower()


def test_no_other_column_claims_protection(connection: Connection) -> None:
    claiming = {
        place
        for place, comment in catalog.column_comments(connection).items()
        if "hashed by" in comment.lower() or "encrypted by" in comment.lower()
    }
    protected = {(t.name, c.name) for t in TABLES for c in t.columns if c.protection}
    assert claiming - protected == set()
