"""Comments in the catalog (R18, R19)."""

import re
from typing import get_args

from sqlalchemy import Connection

from tests.schema import catalog
from tests.schema.cases import each_column
from tests.schema.documents import TABLES
from tests.schema.documents.notation import Column, Protection, Table
from tests.schema.documents.notes import NOTED

_TAG = re.compile(rf"\[({'|'.join(get_args(Protection))})\b[^\[]*]\.$")
_LIKE_A_SECRET = re.compile(
    "(^|_)(token|secret|hash|password|passphrase|pin|otp|salt|key|credential|cookie)s?(_|$)"
)
# The public half of a pair, and the time at which a secret ends.
_NO_SECRETS = {("api_clients", "api_key"), ("users", "password_reset_expires")}


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
    tag = _TAG.search(comment)
    assert tag, comment
    assert tag[1] == column.protection


def test_no_other_column_claims_protection(connection: Connection) -> None:
    claiming = {
        place
        for place, comment in catalog.column_comments(connection).items()
        if _TAG.search(comment)
    }
    protected = {(t.name, c.name) for t in TABLES for c in t.columns if c.protection}
    assert claiming - protected == set()


def test_column_named_like_a_secret_is_protected() -> None:
    unprotected = {
        (table.name, column.name)
        for table in TABLES
        for column in table.columns
        if _LIKE_A_SECRET.search(column.name) and not column.protection
    }
    assert unprotected == _NO_SECRETS
