"""Each role logs in and tries what it must and must not be able to do."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.server.errors import INSUFFICIENT_PRIVILEGE, sqlstate
from tests.roles.roles import KINDS, MakeConfig, Roles
from tests.runner.database import execute
from tests.schema import catalog
from tests.schema.cases import each_partitioned_table, each_stamped_table, each_table
from tests.schema.documents import TABLES
from tests.schema.documents.notation import Table
from tests.schema.rows import make_row, refused
from tests.support.revisions import HEAD

LONG_AGO = "2020-01-01 00:00+00"
SECRETS = [(table.name, c.name) for table in TABLES for c in table.columns if c.protection]
MADE = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:t AS regclass)"
CHANGES = (
    "CREATE TABLE mine ()",
    "CREATE TEMPORARY TABLE users ()",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "ALTER TABLE teams ADD COLUMN mine int",
    "DROP TABLE teams",
    "CREATE INDEX ON teams (name)",
    "CREATE TRIGGER mine BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION set_updated_at()",
    "TRUNCATE teams",
    "COMMENT ON TABLE teams IS ''",
    "INSERT INTO alembic_version VALUES ('9999')",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM alembic_version",
    "CALL ensure_partitions()",
    "CALL retire_partitions('24 months', drop => true)",
)
WRITES = (
    "INSERT INTO teams (name) VALUES ('mine')",
    "UPDATE teams SET name = 'mine'",
    "DELETE FROM teams",
    "DELETE FROM usage_logs_default",
    "SELECT nextval('usage_logs_id_seq')",
    "SELECT setval('usage_logs_id_seq', 1)",
    "SELECT FROM teams FOR UPDATE",
)
PRYING = (
    "SELECT {column} FROM {table}",
    "SELECT * FROM {table}",
    "SELECT {table} FROM {table}",
    "SELECT id FROM {table} WHERE {column} = 'guess'",
    "SELECT id FROM {table} ORDER BY {column}",
    "SELECT count({column}) FROM {table}",
    "COPY {table} TO STDOUT",
    "UPDATE {table} SET id = id RETURNING {column}",
)


@contextmanager
def acting(roles: Roles, kind: str) -> Iterator[Connection]:
    """Log in as a member of the role; undo what is done."""
    with roles.log_in(kind).connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def allowed(connection: Connection, statements: Iterable[str]) -> list[str]:
    """Return those of ``statements`` that were not refused for want of a privilege."""
    found = []
    for statement in statements:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(statement)
        except DBAPIError as error:
            if sqlstate(error) != INSUFFICIENT_PRIVILEGE:
                found.append(f"{statement}: {error.orig}")
        else:
            found.append(statement)
    return found


@pytest.fixture
def app(roles: Roles) -> Iterator[Connection]:
    with acting(roles, "app") as connection:
        yield connection


@pytest.fixture
def reader(roles: Roles) -> Iterator[Connection]:
    with acting(roles, "reader") as connection:
        yield connection


@pytest.fixture
def monitor(roles: Roles) -> Iterator[Connection]:
    with acting(roles, "monitor") as connection:
        yield connection


@each_table
def test_app_reads_and_writes_rows(app: Connection, table: Table) -> None:
    row = make_row(app, table.name)["id"]
    for statement in ("SELECT * FROM {}", "UPDATE {} SET id = id", "DELETE FROM {}"):
        where = statement.format(table.name) + " WHERE id = :row"
        assert app.execute(text(where), {"row": row}).rowcount == 1


@each_stamped_table
def test_trigger_stamps_what_the_app_updates(app: Connection, table: Table) -> None:
    row = make_row(app, table.name, updated_at=LONG_AGO)["id"]
    stamp = f"UPDATE {table.name} SET id = id WHERE id = :row RETURNING updated_at = now()"
    assert catalog.names(app, stamp, row=row) == [True]


@pytest.mark.parametrize("kind", KINDS)
def test_each_role_may_ask_for_the_revision(
    roles: Roles, kind: str, make_config: MakeConfig
) -> None:
    config = make_config(roles.log_in(kind))
    config.stdout = StringIO()
    command.current(config)
    assert config.stdout.getvalue() == f"{HEAD} (head)\n"


@pytest.mark.parametrize("kind", ["app", "reader", "backup", "monitor"])
def test_only_the_owner_changes_what_is_not_a_row(roles: Roles, kind: str) -> None:
    with acting(roles, kind) as connection:
        assert allowed(connection, CHANGES) == []


@pytest.mark.parametrize("kind", ["reader", "backup", "monitor"])
def test_only_the_app_writes_rows(roles: Roles, kind: str) -> None:
    with acting(roles, kind) as connection:
        assert allowed(connection, WRITES) == []


@pytest.mark.parametrize("kind", ["app", "reader", "monitor"])
def test_archive_is_for_the_owner_and_the_backup(roles: Roles, kind: str) -> None:
    with acting(roles, kind) as connection, refused(connection, INSUFFICIENT_PRIVILEGE):
        connection.exec_driver_sql("TABLE archive.anything")


@each_table
def test_reader_sees_each_column_that_is_no_secret(reader: Connection, table: Table) -> None:
    readable = tuple(column.name for column in table.columns if not column.protection)
    reader.exec_driver_sql(f"SELECT {catalog.printed(reader, readable)} FROM {table.name}")
    if len(readable) == len(table.columns):
        reader.exec_driver_sql(f"SELECT * FROM {table.name}")


def test_there_are_secrets() -> None:
    assert len(SECRETS) == 7


@pytest.mark.parametrize(("table", "column"), SECRETS)
@pytest.mark.parametrize("kind", ["reader", "monitor"])
def test_secret_is_kept_from_it(roles: Roles, kind: str, table: str, column: str) -> None:
    with acting(roles, kind) as connection:
        assert allowed(connection, (q.format(table=table, column=column) for q in PRYING)) == []


@each_partitioned_table
def test_reader_sees_partitions_through_their_table_only(
    roles: Roles, reader: Connection, table: Table
) -> None:
    partitions = catalog.names(reader, MADE, t=table.name)
    assert len(partitions) >= 5, "those of DEFAULT and of months made by an upgrade"
    reader.exec_driver_sql(f"SELECT count(*) FROM {table.name}")
    for partition in partitions:
        with refused(reader, INSUFFICIENT_PRIVILEGE):
            reader.exec_driver_sql(f"SELECT count(*) FROM {partition}")


def test_monitor_sees_statistics_but_no_rows(roles: Roles, monitor: Connection) -> None:
    with roles.superuser.connect():
        others = "SELECT count(query) > 0 FROM pg_stat_activity WHERE usename <> current_user"
        assert catalog.names(monitor, others) == [True]
    monitor.exec_driver_sql("SELECT * FROM pg_stat_database")
    monitor.exec_driver_sql("SHOW data_directory")
    for table in TABLES:
        with refused(monitor, INSUFFICIENT_PRIVILEGE):
            monitor.exec_driver_sql(f"SELECT count(*) FROM {table.name}")


@pytest.mark.skipif(HEAD < "0004", reason="before, the report runs as its caller")
def test_monitor_gets_the_report_on_partitions(monitor: Connection) -> None:
    assert catalog.names(monitor, "SELECT count(*) FROM partition_report()") == [3]


def test_stranger_is_not_let_in(roles: Roles) -> None:
    with pytest.raises(OperationalError, match="permission denied for database"):
        roles.log_in("stranger").connect()


def test_stranger_who_is_let_in_finds_nothing(roles: Roles) -> None:
    stranger = roles.log_in("stranger")
    database = roles.superuser.url.database
    execute(roles.superuser, f"GRANT CONNECT ON DATABASE {database} TO {stranger.url.username}")
    try:
        with stranger.connect() as connection, connection.begin():
            connection.exec_driver_sql("SET LOCAL search_path TO public")
            found = allowed(connection, (*CHANGES, *WRITES, "TABLE alembic_version"))
            # Without USAGE on the schema a name without one is not even looked up.
            assert [s for s in found if "does not exist" not in s and "no schema" not in s] == []
            by_name = ("TABLE public.teams", "CREATE TABLE public.mine ()", "TABLE archive.mine")
            assert allowed(connection, by_name) == []
    finally:
        revoke = f"REVOKE CONNECT ON DATABASE {database} FROM {stranger.url.username}"
        execute(roles.superuser, revoke)


def test_no_role_may_log_in_or_do_more_than_its_own(roles: Roles) -> None:
    with roles.superuser.connect() as connection:
        query = """
            SELECT count(*) FROM pg_roles
            WHERE rolname = ANY (:names)
                  AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolcanlogin
                           OR rolreplication OR rolbypassrls)"""
        assert catalog.names(connection, query, names=[roles[kind] for kind in KINDS]) == [5]
