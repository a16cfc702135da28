"""The updated_at trigger in the catalog (R5)."""

from sqlalchemy import Connection

from tests.schema import catalog
from tests.schema.documents import TABLES


def test_tables_with_updated_at_and_no_others_have_the_trigger(connection: Connection) -> None:
    stamp = "BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION set_updated_at()"
    enabled_in_ordinary_sessions = "O"
    assert catalog.triggers(connection) == {
        table.name: [
            (
                f"CREATE TRIGGER set_updated_at {stamp.format(table.name)}",
                enabled_in_ordinary_sessions,
            )
        ]
        for table in TABLES
        if table.has_updated_at
    }


def test_set_updated_at_is_one_trigger_function(connection: Connection) -> None:
    sql = """
        SELECT pronargs, prorettype::regtype::text, prosecdef FROM pg_proc
        WHERE proname = 'set_updated_at' AND pronamespace = current_schema()::regnamespace
    """
    assert catalog.rows(connection, sql) == [(0, "trigger", False)]
