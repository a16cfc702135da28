"""Every upgrade sees to the partitions, and never fails for their sake."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from tests.runner.database import ask, execute, holding, revision_of, with_driver
from tests.runner.revisions import Revisions
from tests.support.commands import run_alembic, url_of
from tests.support.revisions import HEAD

ConfigFor = Callable[[Engine], Config]

PARTITIONS = "SELECT count(*) FROM time_partitions()"
STRANDED = """\
INSERT INTO usage_logs (action_type, timestamp)
SELECT 'stranded', timestamptz '2071-02-01 00:00+00' + n * interval '1 hour'
FROM generate_series(1, 100) AS n"""
IN_DEFAULT = "SELECT count(*) FROM usage_logs_default"


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_upgrade_makes_this_month_and_three_more(
    driver: str,
    empty_engine: Engine,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "app.runner")
    command.upgrade(config_for(with_driver(empty_engine, driver)), "head")
    assert caplog.messages[-1] == "Created 12 partitions, moved 0 rows there from DEFAULT"
    assert ask(empty_engine, PARTITIONS) == "12"


def test_upgrade_with_nothing_to_do_moves_stranded_rows(
    migrated_engine: Engine, config_for: ConfigFor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "app.runner")
    execute(migrated_engine, STRANDED)
    command.upgrade(config_for(migrated_engine), "head")
    assert caplog.messages[-2].endswith(f": at {HEAD} (head), nothing to do")
    assert caplog.messages[-1] == ("Created 1 partition, moved 100 rows there from DEFAULT")
    assert ask(migrated_engine, IN_DEFAULT) == "0"


def test_rows_that_take_longer_to_move_than_a_statement_may_stay_where_they_are(
    migrated_engine: Engine,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    execute(
        migrated_engine,
        "CREATE FUNCTION pause() RETURNS bool LANGUAGE plpgsql"
        " AS 'BEGIN PERFORM pg_sleep(0.006); RETURN true; END'",
        "ALTER TABLE usage_logs ADD CHECK (pause())",
        STRANDED,
    )
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT", "300ms")
    command.upgrade(config_for(migrated_engine), "head")
    assert "canceling statement due to statement timeout" in caplog.text
    assert "In a quiet hour: creativeflow-schema partitions ensure" in caplog.text
    assert ask(migrated_engine, IN_DEFAULT) == "100"
    monkeypatch.setenv("DATABASE_STATEMENT_TIMEOUT", "10s")
    with migrated_engine.connect() as connection:
        config = config_for(migrated_engine)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert connection.exec_driver_sql("SHOW client_min_messages").scalar() == "notice"
    assert ask(migrated_engine, IN_DEFAULT) == "0"


def test_upgrade_to_a_revision_without_the_procedure_makes_none(
    empty_engine: Engine, config_for: ConfigFor
) -> None:
    command.upgrade(config_for(empty_engine), "0001")
    partitions = "SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'"
    assert ask(empty_engine, partitions) == "3"


@pytest.mark.parametrize("name", ["stamp", "downgrade"])
def test_other_commands_leave_the_rows_where_they_are(
    name: str, migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("SELECT 1")
    command.upgrade(config_for(migrated_engine), "head")
    execute(migrated_engine, STRANDED)
    getattr(command, name)(config_for(migrated_engine), HEAD)
    assert ask(migrated_engine, IN_DEFAULT) == "100"


def test_callers_transaction_is_not_ended(migrated_engine: Engine, config_for: ConfigFor) -> None:
    execute(migrated_engine, STRANDED)
    with migrated_engine.connect() as connection, connection.begin():
        config = config_for(migrated_engine)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert connection.exec_driver_sql(IN_DEFAULT).scalar() == 100


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_locks_of_others_are_warnings_and_the_upgrade_succeeds(
    driver: str,
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = migrated_engine.url.database
    execute(migrated_engine, STRANDED, f"ALTER DATABASE {database} SET deadlock_timeout = '10ms'")
    revisions.add_sql("SELECT 1")
    engine = with_driver(migrated_engine, driver)
    with holding(migrated_engine, "LOCK TABLE usage_logs_default IN ROW EXCLUSIVE MODE"):
        command.upgrade(config_for(engine), "head")
    assert revision_of(migrated_engine) == revisions.head
    warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert warnings == [
        "usage_logs: no partition for 2071-02, its rows stay in DEFAULT: "
        "canceling statement due to lock timeout",
        "No row is lost. Try again: creativeflow-schema partitions ensure",
    ]
    assert ask(migrated_engine, IN_DEFAULT) == "100"


@pytest.mark.parametrize(
    "damage",
    [
        "CREATE OR REPLACE FUNCTION time_partitioned_tables(OUT parent regclass,"
        " OUT partition_key name, OUT default_partition regclass) RETURNS SETOF record"
        " LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''out of order''; END'",
        "DROP FUNCTION months_without_partition",
        "CREATE TABLE usage_logs_p20710201 ()",
    ],
)
def test_failure_of_the_procedure_is_a_warning_and_the_upgrade_succeeds(
    migrated_engine: Engine, damage: str
) -> None:
    execute(migrated_engine, STRANDED, damage)
    run = run_alembic("upgrade", "head", DATABASE_URL=url_of(migrated_engine))
    assert run.returncode == 0
    assert "WARNI [alembic.env] " in run.stderr
    assert "Traceback" not in run.stderr
    assert ask(migrated_engine, IN_DEFAULT) == "100"
