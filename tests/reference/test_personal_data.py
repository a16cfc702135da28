"""The page on personal data: users are deleted, and what it says is what happens."""

import re
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from tests.reference.pages import DICTIONARY, codes, tables_in
from tests.schema import catalog
from tests.schema.documents import TABLES
from tests.schema.rows import FOREIGN_KEY_VIOLATION, RESTRICT_VIOLATION, make_row, refused
from tests.support.psql import psql

PAGE = (DICTIONARY / "personal-data.md").read_text()
ACCESS, ERASURE = re.findall(r"```sql\n(.*?)```", PAGE, flags=re.DOTALL)
# (table, column, parent, outcome)
EFFECTS = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \| (.*?) \|$", PAGE, flags=re.MULTILINE)
TAGS = re.compile(r" \[(personal data|secret|(?:hashed|encrypted) by the application)]")
DELETED, KEPT, REFUSED = "the row is deleted", "the row stays", "the deletion is refused"
KEYS = [
    (table.name, c.name, c.references.table)
    for table in TABLES
    for c in table.columns
    if c.references
]
KEYS_TO_USERS = [(table, column) for table, column, parent in KEYS if parent == "users"]

Rows = dict[str, set[object]]


def test_classified_columns_are_those_whose_comments_say_so(connection: Connection) -> None:
    first = tables_in(PAGE.split("\n## ")[1])["Table"]
    listed = {
        (codes(row["Table"])[0], codes(row["Column"])[0]): row["Classification"] for row in first
    }
    comments = catalog.column_comments(connection).items()
    assert listed == {column: tag[1] for column, said in comments if (tag := TAGS.search(said))}


def test_protected_columns_of_the_documents_are_listed() -> None:
    listed = PAGE.split("\n## ")[1]
    for table in TABLES:
        for column in table.columns:
            if column.protection:
                assert re.search(rf"`{table.name}`.*`{column.name}`.*{column.protection}", listed)


def test_free_text_is_every_unclassified_text_or_json_of_the_tables_asked(
    connection: Connection,
) -> None:
    rows = tables_in(PAGE.split("\n## ")[2])["Table"]
    listed = {codes(row["Table"])[0]: set(codes(row["Columns"])) for row in rows}
    asked = {query.split()[3] for query in ACCESS.strip().splitlines()}
    sql = """
        SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relname = ANY (:asked) AND relnamespace = 'public'::regnamespace
              AND attnum > 0 AND atttypid IN ('text'::regtype, 'jsonb'::regtype)
    """
    comments = catalog.column_comments(connection)
    expected: dict[str, set[str]] = {}
    for table, column in catalog.rows(connection, sql, asked=list(asked)):
        if not TAGS.search(comments.get((table, column), "")):
            expected.setdefault(table, set()).add(column)
    assert listed == expected


def test_effects_are_those_of_all_foreign_keys_that_a_deletion_reaches() -> None:
    deleted = {"users"} | {table for table, *_, outcome in EFFECTS if outcome == DELETED}
    assert {(table, column, parent) for table, column, parent, _ in EFFECTS} == {
        key for key in KEYS if key[2] in deleted
    }


@pytest.mark.parametrize(("table", "column", "parent", "outcome"), EFFECTS)
def test_deletion_has_the_outcome_that_the_page_gives(
    connection: Connection, table: str, column: str, parent: str, outcome: str
) -> None:
    target = make_row(connection, parent)["id"]
    child = make_row(connection, table, **{column: target})["id"]
    delete = text(f"DELETE FROM {parent} WHERE id = :target")
    if outcome.startswith(REFUSED):
        with refused(connection, RESTRICT_VIOLATION, FOREIGN_KEY_VIOLATION):
            connection.execute(delete, {"target": target})
        return
    connection.execute(delete, {"target": target})
    sql = f"SELECT {column} FROM {table} WHERE id = :child"
    assert catalog.rows(connection, sql, child=child) == ([] if outcome == DELETED else [(None,)])


@pytest.fixture
def user(migrated_engine: Engine) -> tuple[UUID, Rows]:
    """A user, and the rows that belong to the user: one for each way to refer to one."""
    rows: Rows = {}

    def own(table: str, **values: object) -> object:
        row = make_row(connection, table, **values)["id"]
        rows.setdefault(table, set()).add(row)
        return row

    with migrated_engine.begin() as connection:
        user: UUID = make_row(connection, "users")["id"]
        rows["users"] = {user}
        for table, column in KEYS_TO_USERS:
            own(table, **{column: user})
        workbench = own("workbenches", user_id=user)
        project = own("projects", workbench_id=workbench)
        own("asset_versions", project_id=project)
        for table in (table.name for table in TABLES):
            make_row(connection, table)
    return user, rows


def test_access_queries_find_the_users_rows_and_no_others(
    migrated_engine: Engine, user: tuple[UUID, Rows]
) -> None:
    id_, rows = user
    with migrated_engine.connect() as connection:
        found = {
            query.split()[3]: set(connection.scalars(text(by_bind(query)), {"user": id_}))
            for query in ACCESS.strip().splitlines()
        }
    assert found == rows


def test_access_queries_run_in_psql(migrated_engine: Engine, user: tuple[UUID, Rows]) -> None:
    result = psql(migrated_engine, "-v", f"user={user[0]}", "-v", "ON_ERROR_STOP=on", script=ACCESS)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count(" row") == len(ACCESS.strip().splitlines())


def test_erasure_removes_the_user_whom_a_plain_delete_does_not(
    migrated_engine: Engine, user: tuple[UUID, Rows]
) -> None:
    id_, rows = user
    plain = f"DELETE FROM users WHERE id = '{id_}';"
    assert "violates" in psql(migrated_engine, script=plain).stderr
    result = psql(migrated_engine, "-v", f"user={id_}", "-v", "ON_ERROR_STOP=on", script=ERASURE)
    assert result.returncode == 0, result.stderr
    with migrated_engine.connect() as connection:
        for table, column in KEYS_TO_USERS:
            sql = f"SELECT count(*) FROM {table} WHERE {column} = :id"
            assert catalog.names(connection, sql, id=id_) == [0]
        kept = {table for table, *_, outcome in EFFECTS if outcome.startswith(KEPT)}
        gone = {table for table, *_, outcome in EFFECTS if outcome == DELETED} - kept | {"users"}
        for table in gone:
            sql = f"SELECT count(*) FROM {table} WHERE id = ANY (:ids)"
            assert catalog.names(connection, sql, ids=list(rows[table])) == [0], table
        for table in ("usage_logs", "templates", "ai_model_feedbacks"):
            sql = f"SELECT count(*) FROM {table} WHERE id = ANY (:ids)"
            assert catalog.names(connection, sql, ids=list(rows[table])) == [1], table


def by_bind(query: str) -> str:
    """Return the query for SQLAlchemy, and for the rows' ids alone."""
    return query.replace(":'user'", ":user").replace("SELECT *", "SELECT id", 1)
