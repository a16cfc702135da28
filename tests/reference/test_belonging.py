"""Which rows belong to one row, and the deletion of them all: asked of PostgreSQL, key by key.

Each schema is told by its foreign keys: table, column, parent, what the parent's deletion does.
"""

import random

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table

from app.reference.belonging import erasure, rows_reached
from app.reference.deletion import effects_of_deleting
from app.reference.incomplete import IncompleteError

Key = tuple[str, str, str, str]
Row = tuple[str, str]  # table, id
References = dict[tuple[Row, str], Row]  # row and column, the row referred to

SCHEMAS: dict[str, list[Key]] = {
    "refused below what is deleted": [
        ("projects", "user_id", "users", "CASCADE"),
        ("boards", "project_id", "projects", "CASCADE"),
        ("invoices", "board_id", "boards", "RESTRICT"),
    ],
    "refused below what is refused": [
        ("orders", "user_id", "users", "NO ACTION"),
        ("lines", "order_id", "orders", "CASCADE"),
        ("parcels", "line_id", "lines", "RESTRICT"),
    ],
    "refused twice": [
        ("teams", "owner_id", "users", "RESTRICT"),
        ("goals", "team_id", "teams", "RESTRICT"),
        ("goals", "user_id", "users", "RESTRICT"),
        ("goals", "checked_by", "users", "SET NULL"),
    ],
    "a table that refers to itself": [
        ("folders", "user_id", "users", "CASCADE"),
        ("folders", "parent_id", "folders", "CASCADE"),
        ("files", "folder_id", "folders", "CASCADE"),
    ],
    "a table that refuses itself": [
        ("folders", "user_id", "users", "CASCADE"),
        ("folders", "parent_id", "folders", "RESTRICT"),
        ("files", "folder_id", "folders", "SET DEFAULT"),
    ],
    "the root refers to itself": [
        ("users", "invited_by", "users", "CASCADE"),
        ("posts", "user_id", "users", "CASCADE"),
        ("bills", "user_id", "users", "RESTRICT"),
    ],
    "the root refuses itself": [
        ("users", "invited_by", "users", "RESTRICT"),
        ("posts", "user_id", "users", "RESTRICT"),
    ],
    "a circle of two": [
        ("hens", "user_id", "users", "CASCADE"),
        ("eggs", "hen_id", "hens", "CASCADE"),
        ("hens", "egg_id", "eggs", "CASCADE"),
        ("cakes", "egg_id", "eggs", "RESTRICT"),
    ],
    "a circle of three": [
        ("a", "user_id", "users", "CASCADE"),
        ("b", "a_id", "a", "CASCADE"),
        ("c", "b_id", "b", "CASCADE"),
        ("a", "c_id", "c", "CASCADE"),
        ("d", "c_id", "c", "CASCADE"),
    ],
    "a circle that refuses": [
        ("versions", "user_id", "users", "CASCADE"),
        ("results", "version_id", "versions", "RESTRICT"),
        ("versions", "result_id", "results", "RESTRICT"),
        ("reports", "result_id", "results", "RESTRICT"),
    ],
    "a circle that deletes and refuses": [
        ("a", "user_id", "users", "CASCADE"),
        ("a", "b_id", "b", "RESTRICT"),
        ("b", "a_id", "a", "CASCADE"),
    ],
    "two circles": [
        ("a", "user_id", "users", "CASCADE"),
        ("a", "a_id", "a", "CASCADE"),
        ("b", "a_id", "a", "CASCADE"),
        ("c", "b_id", "b", "CASCADE"),
        ("b", "c_id", "c", "CASCADE"),
    ],
    "kept and deleted": [
        ("reviews", "author_id", "users", "CASCADE"),
        ("reviews", "editor_id", "users", "SET NULL"),
        ("replies", "review_id", "reviews", "CASCADE"),
    ],
    "names that need quotes": [
        ("order", "User", "users", "CASCADE"),
        ("group", "order", "order", "RESTRICT"),
    ],
}
ROWS = 8
VALUE = "'users 1'"
each_schema = pytest.mark.parametrize("name", SCHEMAS)


def tables_of(keys: list[Key]) -> list[Table]:
    metadata = MetaData()
    names = dict.fromkeys(["users", *(name for name, *_ in keys)])
    for name in names:
        columns: list[sa.Column[str]] = [
            sa.Column(column, sa.ForeignKey(f"{parent}.id", ondelete=action, use_alter=True))
            for table, column, parent, action in keys
            if table == name
        ]
        sa.Table(name, metadata, sa.Column("id", sa.Text, primary_key=True), *columns)
    return [metadata.tables[name] for name in names]


def references_between(keys: list[Key], seed: int) -> References:
    """Return what refers to what: of each table's rows most refer to some row of the parent."""
    chance = random.Random(seed)  # noqa: S311
    return {
        ((table, f"{table} {n}"), column): (parent, f"{parent} {chance.randint(1, ROWS)}")
        for table, column, parent, _ in keys
        for n in range(1, ROWS + 1)
        if chance.random() < 0.7
    }


def build(connection: Connection, tables: list[Table], references: References) -> None:
    connection.exec_driver_sql("CREATE SCHEMA belonging; SET LOCAL search_path TO belonging")
    tables[0].metadata.create_all(connection, checkfirst=False)
    for table in tables:
        connection.execute(
            table.insert(), [{"id": f"{table.name} {n}"} for n in range(1, ROWS + 1)]
        )
    for (row, column), (_, target) in references.items():
        table = tables[0].metadata.tables[row[0]]
        connection.execute(table.update().where(table.c.id == row[1]).values({column: target}))


def found(connection: Connection, tables: list[Table]) -> tuple[set[Row], References]:
    rows, references = set(), {}
    for table in tables:
        for each in connection.execute(table.select()).mappings():
            row = (table.name, str(each["id"]))
            rows.add(row)
            for column in table.columns:
                if column.foreign_keys and each[column.name] is not None:
                    (key,) = column.foreign_keys
                    references[row, column.name] = (key.column.table.name, each[column.name])
    return rows, references


def going(keys: list[Key], references: References, actions: set[str]) -> set[Row]:
    """Return the rows that go with the user along the keys with one of ``actions``."""
    follow = {(table, column) for table, column, _, action in keys if action in actions}
    gone = {("users", "users 1")}
    while more := {
        row
        for (row, column), target in references.items()
        if (row[0], column) in follow and target in gone and row not in gone
    }:
        gone |= more
    return gone


@each_schema
@pytest.mark.parametrize("seed", range(3))
def test_erasure_deletes_what_has_to_go_and_nothing_else(
    connection: Connection, name: str, seed: int
) -> None:
    keys = SCHEMAS[name]
    tables, references = tables_of(keys), references_between(keys, seed)
    build(connection, tables, references)
    before, _ = found(connection, tables)
    for statement in erasure(tables[0], tables, VALUE):
        connection.exec_driver_sql(statement)
    gone = going(keys, references, {"CASCADE", "RESTRICT", "NO ACTION"})
    left = {
        place: target
        for place, target in references.items()
        if place[0] not in gone and target not in gone
    }
    assert found(connection, tables) == (before - gone, left)


@each_schema
@pytest.mark.parametrize("seed", range(3))
def test_rows_that_belong_to_a_row_are_those_deleted_with_it_or_referring_to_it(
    connection: Connection, name: str, seed: int
) -> None:
    keys = SCHEMAS[name]
    tables, references = tables_of(keys), references_between(keys, seed)
    build(connection, tables, references)
    reached = {
        (table.name, id_)
        for table in tables
        if (where := rows_reached(tables[0], table, tables, VALUE))
        for id_ in connection.exec_driver_sql(
            f'SELECT id FROM "{table.name}" WHERE {where}'
        ).scalars()
    }
    root = ("users", "users 1")
    assert reached == going(keys, references, {"CASCADE"}) | {
        row for (row, _), target in references.items() if target == root
    }


def test_a_table_out_of_reach_has_no_rows_that_belong() -> None:
    tables = tables_of([("projects", "user_id", "users", "SET NULL"), ("b", "p", "projects", "")])
    assert rows_reached(tables[0], tables[2], tables, VALUE) is None


def test_key_may_refer_to_another_column_than_the_id(connection: Connection) -> None:
    metadata = MetaData()
    users = sa.Table(
        "users", metadata, sa.Column("id", sa.Text, primary_key=True), sa.Column("email", sa.Text)
    )
    users.append_constraint(sa.UniqueConstraint("email"))
    key = sa.ForeignKey("users.email", ondelete="SET NULL")
    logins = sa.Table("logins", metadata, sa.Column("email", sa.Text, key))
    connection.exec_driver_sql("CREATE SCHEMA belonging; SET LOCAL search_path TO belonging")
    metadata.create_all(connection, checkfirst=False)
    connection.execute(users.insert(), [{"id": "users 1", "email": "a"}, {"id": "b", "email": "b"}])
    connection.execute(logins.insert(), [{"email": "a"}, {"email": "b"}])
    where = rows_reached(users, logins, [users, logins], VALUE)
    found = connection.exec_driver_sql(f"SELECT email FROM logins WHERE {where}")
    assert found.scalars().all() == ["a"]


def test_key_of_several_columns_is_refused_with_the_place() -> None:
    metadata = MetaData()
    users = sa.Table("users", metadata, sa.Column("id", sa.Text, primary_key=True))
    pairs = sa.Table("pairs", metadata, sa.Column("a", sa.Text), sa.Column("b", sa.Text))
    users.append_column(sa.Column("n", sa.Text))
    pairs.append_constraint(sa.ForeignKeyConstraint(["a", "b"], ["users.id", "users.n"]))
    with pytest.raises(IncompleteError, match=r"foreign key of pairs\.a has several columns"):
        effects_of_deleting(users, [users, pairs])
