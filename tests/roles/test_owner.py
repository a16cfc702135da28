"""The owner migrates without being a superuser, and owns what others have made before."""

import pytest
from alembic import command
from sqlalchemy import text

from app.catalog.snapshot import snapshot
from app.server.errors import INSUFFICIENT_PRIVILEGE
from tests.partitions.database import ensure, strand
from tests.roles.roles import (
    MakeConfig,
    Roles,
    archive_a_month,
    ok,
    upgrade,
)
from tests.runner.database import execute
from tests.schema import catalog
from tests.schema.rows import make_row, refused

OTHERS = """
SELECT oid::regclass::text FROM pg_class
WHERE relnamespace IN ('public'::regnamespace, 'archive'::regnamespace)
      AND relowner <> CAST(:owner AS regrole)
UNION ALL
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proowner <> CAST(:owner AS regrole)"""
KINDS = (
    ("pg_class", "relowner"),
    ("pg_proc", "proowner"),
    ("pg_type", "typowner"),
    ("pg_statistic_ext", "stxowner"),
)
NEW_TABLE = "CREATE TABLE new (id bigserial PRIMARY KEY, password text)"


@pytest.fixture(
    params=[
        "fresh",
        "upgraded by a superuser",
        pytest.param("upgraded by another role", marks=pytest.mark.long),
    ]
)
def roles(request: pytest.FixtureRequest, make_config: MakeConfig) -> Roles:
    """The roles of a database of the test's own at head, with a month in the archive."""
    if request.param == "upgraded by a superuser":
        roles: Roles = request.getfixturevalue("own")
        archive_a_month(roles.superuser)
    elif request.param == "upgraded by another role":
        roles = request.getfixturevalue("empty")
        before = roles.log_in("before")
        database, name = before.url.database, before.url.username
        execute(
            roles.superuser,
            f"GRANT CREATE ON DATABASE {database} TO {name}",
            f"GRANT CREATE ON SCHEMA public TO {name}",
        )
        upgrade(before, make_config)
        archive_a_month(before)
    else:
        roles = request.getfixturevalue("empty")
        ok(roles.run())
        upgrade(roles.log_in("owner"), make_config)
        archive_a_month(roles.log_in("owner"))
    ok(roles.run())
    return roles


def test_owner_is_no_superuser_and_owns_everything(roles: Roles) -> None:
    with roles.log_in("owner").connect() as connection:
        who = "SELECT current_user || ' ' || current_setting('is_superuser')"
        assert catalog.names(connection, who) == [f"{roles['owner']} off"]
        assert catalog.names(connection, OTHERS, owner=roles["owner"]) == []


def test_owner_may_build_the_models_in_a_schema_of_their_own(roles: Roles) -> None:
    with roles.log_in("owner").connect() as connection:
        connection.exec_driver_sql("CREATE SCHEMA scratch")
        connection.exec_driver_sql("CREATE TEMPORARY TABLE moved ()")


def test_owner_checks_downgrades_and_upgrades(roles: Roles, make_config: MakeConfig) -> None:
    config = make_config(roles.log_in("owner"))
    command.check(config)
    with roles.superuser.connect() as connection:
        before = dict(snapshot(connection, "public"))
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    with roles.superuser.connect() as connection:
        assert dict(snapshot(connection, "public")) == before
        assert catalog.names(connection, OTHERS, owner=roles["owner"]) == []
    ok(roles.run())
    command.check(config)


def test_months_that_the_owner_makes_are_written_and_read_through_their_table(
    roles: Roles,
) -> None:
    with roles.log_in("owner").connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        strand(connection, "2071-08-01 00:00+00", "2071-08-02 00:00+00")
        assert ensure(connection, as_of="2071-08-14 00:00+00")[:2] == (3, 2)
    in_august = "FROM usage_logs WHERE timestamp BETWEEN '2071-08-01+00' AND '2071-08-31+00'"
    with roles.log_in("app").connect() as app, app.begin():
        make_row(app, "usage_logs", timestamp="2071-08-30 00:00+00")
        assert catalog.names(app, f"SELECT count(*) {in_august}") == [3]
    with roles.log_in("reader").connect() as reader:
        assert catalog.names(reader, f"SELECT count(*) {in_august}") == [3]
        for direct in ("usage_logs_p20710801", "archive.usage_logs_p20710201"):
            with refused(reader, INSUFFICIENT_PRIVILEGE):
                reader.exec_driver_sql(f"SELECT count(*) FROM {direct}")


def test_new_table_is_the_apps_at_once_and_the_readers_never_unseen(roles: Roles) -> None:
    with roles.log_in("owner").begin() as owner:
        owner.exec_driver_sql(NEW_TABLE)
        owner.exec_driver_sql("ALTER TABLE teams ADD COLUMN password text")
    for _ in range(2):
        with roles.log_in("app").begin() as app:
            app.exec_driver_sql("INSERT INTO new (password) VALUES ('mine')")
            app.exec_driver_sql("UPDATE teams SET password = 'mine'")
        with roles.log_in("reader").connect() as reader:
            for statement in ("TABLE new", "TABLE teams", "SELECT password FROM teams"):
                with refused(reader, INSUFFICIENT_PRIVILEGE):
                    reader.exec_driver_sql(statement)
            reader.exec_driver_sql("SELECT id, name FROM teams")
        said = ok(roles.run())
    assert f"Not for {roles['reader']}, as this file does not know it: teams.password." in said


def test_routine_that_runs_as_the_owner_is_not_for_the_public(roles: Roles) -> None:
    with roles.log_in("owner").begin() as owner:
        owner.exec_driver_sql(
            "CREATE FUNCTION secrets() RETURNS text LANGUAGE sql SECURITY DEFINER "
            "AS 'SELECT min(password_hash) FROM users'"
        )
        owner.exec_driver_sql(
            "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1'"
        )
    ok(roles.run())
    for kind in ("app", "reader", "monitor"):
        with roles.log_in(kind).connect() as connection:
            assert catalog.names(connection, "SELECT twice(3)") == [6]
            with refused(connection, INSUFFICIENT_PRIVILEGE):
                connection.execute(text("SELECT secrets()"))


def test_what_an_extension_or_another_role_has_in_the_schema_stays_theirs(own: Roles) -> None:
    other = own.log_in("other")
    execute(
        own.superuser,
        f"GRANT CREATE ON SCHEMA public TO {other.url.username}",
        "CREATE TABLE of_an_extension ()",
        "ALTER EXTENSION plpgsql ADD TABLE of_an_extension",
    )
    execute(
        other,
        "CREATE TABLE theirs ()",
        "CREATE FUNCTION theirs() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    )
    ok(own.run())
    with own.superuser.connect() as connection:
        left = set(catalog.names(connection, OTHERS, owner=own["owner"]))
    assert left == {"of_an_extension", "theirs", "theirs()"}


def test_all_kinds_of_objects_are_taken_over(own: Roles) -> None:
    execute(
        own.superuser,
        "CREATE VIEW a AS SELECT 1",
        "CREATE MATERIALIZED VIEW b AS SELECT 1",
        "CREATE SEQUENCE c",
        "CREATE TYPE d AS ENUM ('x')",
        "CREATE TYPE e AS (x int)",
        "CREATE DOMAIN f AS int",
        "CREATE STATISTICS g ON name, owner_id FROM teams",
        "CREATE AGGREGATE h (int) (SFUNC = int4pl, STYPE = int)",
        'CREATE TABLE "I, Table" (x bigint GENERATED ALWAYS AS IDENTITY)',
    )
    ok(own.run())
    with own.superuser.connect() as connection:
        for table, column in KINDS:
            namespace = "'public'::regnamespace"
            query = f"SELECT count(*) FROM {table} WHERE {column[:-5]}namespace = {namespace}"
            with_owner = f"{query} AND {column} = CAST(:owner AS regrole)"
            assert catalog.names(connection, query) == catalog.names(
                connection, with_owner, owner=own["owner"]
            )
