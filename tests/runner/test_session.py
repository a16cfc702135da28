"""The session of a run: each revision starts as the first one did, and the caller gets it back."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import QueuePool

from tests.runner.database import ask, execute, revision_of, with_driver
from tests.runner.revisions import Revisions

ConfigFor = Callable[[Engine], Config]

ADVISORY = """\
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
SET = (
    "SET search_path TO audit, public",
    "SET session_replication_role = replica",
    "SET ROLE pg_monitor",
    "SET SESSION AUTHORIZATION pg_monitor",
    "SET TimeZone = 'Pacific/Apia'",
    "SET row_security = off",
    "SET default_transaction_isolation = 'serializable'",
)
# A role that may not write alembic_version is left before the revision ends.
LEAVE = {"ROLE": "RESET ROLE", "SESSION AUTHORIZATION": "RESET SESSION AUTHORIZATION"}
NOTE = """\
INSERT INTO public.noted
SELECT concat_ws(' ', current_user, string_agg(current_setting(name), ' ' ORDER BY name))
FROM unnest(ARRAY['search_path', 'session_replication_role', 'timezone', 'row_security',
                  'transaction_read_only', 'transaction_isolation']) AS name"""


@pytest.fixture
def owner(migrated_engine: Engine) -> str:
    """The user of the tests, by name."""
    return ask(migrated_engine, "SELECT current_user") or ""


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_what_a_revision_sets_is_not_there_for_the_next_one(
    driver: str, migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor, owner: str
) -> None:
    execute(migrated_engine, "CREATE SCHEMA audit", "CREATE TABLE noted (text text)")
    for statement in SET:
        leave = [LEAVE[each] for each in LEAVE if f"SET {each}" in statement]
        revisions.add(
            "with op.get_context().autocommit_block():",
            f"    op.execute({statement!r})",
            *(f"    op.execute({each!r})" for each in leave),
        )
        revisions.add_sql(NOTE, statement, *leave)
    # After a block of its own, this revision could not end.
    revisions.add_sql("SET default_transaction_read_only = on")
    revisions.add_sql(NOTE, "CREATE TABLE made_last ()")
    zone = ask(migrated_engine, "SHOW timezone")
    command.upgrade(config_for(with_driver(migrated_engine, driver)), "head")
    noted = ask(migrated_engine, "SELECT string_agg(DISTINCT text, '; ') FROM noted")
    assert noted == f"{owner} on public origin {zone} read committed off"
    assert ask(migrated_engine, "SELECT to_regclass('public.made_last')") == "made_last"


def test_role_that_a_revision_takes_is_not_the_next_ones(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor, owner: str
) -> None:
    execute(migrated_engine, "GRANT UPDATE, SELECT ON alembic_version TO pg_monitor")
    revisions.add_sql("SET ROLE pg_monitor")
    revisions.add_sql("CREATE TABLE extra ()")
    command.upgrade(config_for(migrated_engine), "head")
    assert revision_of(migrated_engine) == revisions.head
    owns = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'extra'"
    assert ask(migrated_engine, owns) == owner


def test_search_path_of_the_last_revision_changes_neither_report_nor_lock_nor_session(
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    execute(migrated_engine, "CREATE SCHEMA audit")
    revisions.add(
        "op.execute('CREATE TABLE audit.alembic_version (version_num text)')",
        "with op.get_context().autocommit_block():",
        "    op.execute('SET search_path TO audit, public')",
        "op.execute('SET LOCAL search_path TO public')",
    )
    pooled = create_engine(migrated_engine.url, poolclass=QueuePool)
    config = config_for(migrated_engine)
    with pooled.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert connection.exec_driver_sql("SHOW search_path").scalar() == '"$user", public'
    assert f"Now at {revisions.head} (head): 1 revision in" in caplog.text
    assert [each for each in caplog.records if each.levelname == "WARNING"] == []
    assert ask(migrated_engine, ADVISORY) == "0"
    pooled.dispose()


def settings_of(connection: Connection) -> list[str]:
    return [
        str(connection.exec_driver_sql(f"SHOW {name}").scalar())
        for name in ("lock_timeout", "statement_timeout", "search_path", "tcp_keepalives_count")
    ]


def test_settings_of_the_callers_transaction_do_not_outlive_it(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(migrated_engine, "CREATE SCHEMA audit")
    revisions.add_sql("SET search_path TO audit, public", "SET statement_timeout = '7s'")
    revisions.add_sql("SELECT 1")
    config = config_for(migrated_engine)
    with migrated_engine.connect() as connection:
        before = settings_of(connection)
        connection.commit()
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            in_transaction = settings_of(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            assert settings_of(connection) == in_transaction
        assert settings_of(connection) == before


def test_failed_transaction_of_the_caller_leaves_its_session_as_it_was(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add_sql("SET search_path TO pg_catalog", "SELECT 1/0")
    config = config_for(migrated_engine)
    with migrated_engine.connect() as connection:
        before = settings_of(connection)
        connection.commit()
        with connection.begin() as transaction:
            config.attributes["connection"] = connection
            with pytest.raises(CommandError, match="division by zero"):
                command.upgrade(config, "head")
            transaction.rollback()
        assert settings_of(connection) == before


def test_run_does_not_go_on_in_another_schema_than_it_began_in(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(migrated_engine, "CREATE SCHEMA other")
    renamed = revisions.add(
        "op.execute('ALTER SCHEMA public RENAME TO renamed')",
        "op.execute('SET LOCAL search_path TO renamed')",
    )
    revisions.add_sql("CREATE TABLE extra ()")
    config = config_for(migrated_engine)
    with migrated_engine.connect() as connection:
        connection.exec_driver_sql("SET search_path TO public, other")
        connection.commit()
        config.attributes["connection"] = connection
        with pytest.raises(CommandError) as refused:
            command.upgrade(config, "head")
    assert str(refused.value).startswith(
        "The run began in schema 'public', and search_path leads to 'other' now.\n"
        f"Its transaction was rolled back: the database is at {renamed}."
    )
    found = "SELECT string_agg(relnamespace::regnamespace::text, ' ') FROM pg_class"
    assert ask(migrated_engine, f"{found} WHERE relname IN ('extra', 'users')") == "renamed"
