"""Rows of the documents' tables are made here, too: only where they are the database's."""

from tests.schema.conftest import as_documented, connection, mismatches

__all__ = ["as_documented", "connection", "mismatches"]
