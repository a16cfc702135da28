"""Tables and columns of the catalog against the documents (SDS section 5, R1..R6)."""

from sqlalchemy import Connection

from tests.schema import catalog
from tests.schema.cases import each_table
from tests.schema.documents.notation import Table
from tests.schema.mismatches import mismatched_columns, mismatched_tables


def test_tables_are_those_of_the_documents(connection: Connection) -> None:
    found = "\n".join(mismatched_tables(connection))
    assert not found, found


@each_table
def test_columns_are_those_of_the_documents(connection: Connection, table: Table) -> None:
    if table.name in catalog.tables(connection):
        found = "\n".join(mismatched_columns(connection, table))
        assert not found, found


def test_only_sequence_numbers_the_usage_logs(connection: Connection) -> None:
    sql = """
        SELECT s.seqrelid::regclass::text, s.seqtypid::regtype::text,
               d.refobjid::regclass::text, a.attname
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
        LEFT JOIN pg_depend d ON d.objid = s.seqrelid AND d.deptype = 'a'
        LEFT JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid)
        WHERE c.relnamespace = current_schema()::regnamespace
    """
    assert catalog.rows(connection, sql) == [("usage_logs_id_seq", "bigint", "usage_logs", "id")]


def test_value_lists_are_checks_and_no_types(connection: Connection) -> None:
    sql = """
        SELECT typname FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd')
    """
    assert catalog.names(connection, sql) == []
