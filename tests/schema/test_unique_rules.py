"""Unique rules, tried with rows (SDS section 8, R7, R11)."""

import pytest
from sqlalchemy import Connection

from tests.schema.cases import each_table
from tests.schema.documents import TABLES
from tests.schema.documents.notation import Table, Unique
from tests.schema.rows import UNIQUE_VIOLATION, make_row, refused

each_rule = pytest.mark.parametrize(
    ("table", "rule"),
    [pytest.param(table, rule, id=rule.name) for table in TABLES for rule in table.uniques],
)
SOCIAL = {"social_provider": "google", "social_provider_id": "1"}


@each_table
def test_same_primary_key_is_refused(connection: Connection, table: Table) -> None:
    row = make_row(connection, table.name)
    with refused(connection, UNIQUE_VIOLATION):
        make_row(connection, table.name, **{name: row[name] for name in table.primary_key})


@each_rule
def test_same_values_are_refused(connection: Connection, table: Table, rule: Unique) -> None:
    nullable = {name: "same" for name in rule.columns if table.column(name).nullable}
    row = make_row(connection, table.name, **nullable)
    with refused(connection, UNIQUE_VIOLATION, by=rule.name):
        make_row(connection, table.name, **{name: row[name] for name in rule.columns})


@pytest.mark.parametrize(
    ("table", "rule", "differing"),
    [
        pytest.param(table, rule, name, id=f"{rule.name}-{name}")
        for table in TABLES
        for rule in table.uniques
        for name in rule.columns
    ],
)
def test_values_that_differ_in_one_column_are_accepted(
    connection: Connection, table: Table, rule: Unique, differing: str
) -> None:
    column = table.column(differing)
    # A list's values and NULL do not differ by themselves; those of other columns do.
    first, second = {}, {}
    if column.one_of or column.nullable:
        first[differing], second[differing] = column.one_of[:2] or ("one", "two")
    row = make_row(connection, table.name, **first)
    same = {name: row[name] for name in rule.columns if name != differing}
    other = make_row(connection, table.name, **same, **second)
    assert [name for name in rule.columns if row[name] != other[name]] == [differing]


def test_any_number_of_users_may_be_without_username(connection: Connection) -> None:
    rows = [make_row(connection, "users", username=None) for _ in range(2)]
    assert [row["username"] for row in rows] == [None, None]


def test_same_social_account_is_refused(connection: Connection) -> None:
    make_row(connection, "users", **SOCIAL)
    with refused(connection, UNIQUE_VIOLATION, by="idx_user_social_unique"):
        make_row(connection, "users", **SOCIAL)


@pytest.mark.parametrize(
    "other", [{"social_provider": "apple"}, {"social_provider_id": "2"}], ids=["provider", "id"]
)
def test_other_social_account_is_accepted(connection: Connection, other: dict[str, str]) -> None:
    make_row(connection, "users", **SOCIAL)
    make_row(connection, "users", **SOCIAL | other)


@pytest.mark.parametrize(
    "without",
    [
        {"social_provider": None},
        {"social_provider_id": None},
        {"social_provider": None, "social_provider_id": None},
    ],
    ids=["no-provider", "no-id", "neither"],
)
def test_any_number_of_users_may_be_without_social_account(
    connection: Connection, without: dict[str, None]
) -> None:
    make_row(connection, "users", **SOCIAL | without)
    make_row(connection, "users", **SOCIAL | without)
