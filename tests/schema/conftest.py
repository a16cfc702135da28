"""One mismatch is one failure: rows are tried only where the columns are those documented."""

import pytest
from sqlalchemy import Connection, Engine

from tests.schema.documents import TABLES
from tests.schema.mismatches import mismatched_columns, mismatched_tables


@pytest.fixture(scope="session")
def mismatches(shared_engine: Engine) -> list[str]:
    """What tests/schema/test_tables.py fails for."""
    with shared_engine.connect() as connection:
        found = list(mismatched_tables(connection))
        return found or [each for table in TABLES for each in mismatched_columns(connection, table)]


@pytest.fixture(scope="session")
def as_documented(mismatches: list[str]) -> None:
    """Skip what cannot be tried, for tests/schema/test_tables.py says what is wrong."""
    if mismatches:
        pytest.skip("tables or columns are not those of the documents: tests/schema/test_tables.py")


@pytest.fixture
def connection(
    connection: Connection, mismatches: list[str], request: pytest.FixtureRequest
) -> Connection:
    """A connection to the shared database, where its columns are those documented."""
    if mismatches and request.path.name != "test_tables.py":
        request.getfixturevalue("as_documented")
    return connection
