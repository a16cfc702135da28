"""An asynchronous caller hands its connection over with ``run_sync``."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import create_async_engine

from tests.runner.checkout import INDEX, PARTITIONED_INDEX
from tests.runner.database import ask, execute, holding, pid_of, revision_of
from tests.runner.load import released_once_said
from tests.runner.revisions import Revisions
from tests.runner.test_maintenance import STRANDED
from tests.support.revisions import HEAD

ConfigFor = Callable[[Engine], Config]
Run = Callable[..., None]

pytestmark = pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])


@pytest.fixture
def run(driver: str, config_for: ConfigFor) -> Run:
    """Run a command of Alembic as an asynchronous program does."""

    def run(
        engine: Engine, command: Callable[..., Any], *arguments: str, begun: bool = False
    ) -> None:
        def hand_over(connection: Connection) -> None:
            config = config_for(engine)
            config.attributes["connection"] = connection
            command(config, *arguments)

        async def main() -> None:
            asynchronous = create_async_engine(engine.url.set(drivername=f"postgresql+{driver}"))
            try:
                async with asynchronous.connect() as connection:
                    if begun:
                        await connection.begin()
                    await connection.run_sync(hand_over)
                    if begun:
                        await connection.commit()
            finally:
                await asynchronous.dispose()

        asyncio.run(main())

    return run


@pytest.mark.parametrize("begun", [False, True])
def test_empty_database_comes_to_head_and_back(empty_engine: Engine, run: Run, begun: bool) -> None:
    run(empty_engine, command.upgrade, "head", begun=begun)
    assert revision_of(empty_engine) == HEAD
    run(empty_engine, command.check, begun=begun)
    run(empty_engine, command.downgrade, "base", begun=begun)
    assert revision_of(empty_engine) is None


def test_indexes_are_built_outside_a_transaction_and_partitions_ensured(
    migrated_engine: Engine, revisions: Revisions, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    execute(migrated_engine, STRANDED)
    revisions.add(INDEX)
    revisions.add(PARTITIONED_INDEX)
    run(migrated_engine, command.upgrade, "head")
    assert ask(migrated_engine, "SELECT to_regclass('ix_extra')") == "ix_extra"
    assert ask(migrated_engine, "SELECT to_regclass('ix_logs')") == "ix_logs"
    assert "Created 1 partition, moved 100 rows there from DEFAULT" in caplog.text


def test_guard_asks_what_it_says(migrated_engine: Engine, revisions: Revisions, run: Run) -> None:
    """Asyncpg has no use for percent signs, and takes two of them for what they are."""
    find = "SELECT 1 AS key WHERE 3 % 2 = 0 OR 'a' LIKE 'b%'"
    revisions.add(f'op.guard("any", misfits="any", find="{find}", fix="any")')
    run(migrated_engine, command.upgrade, "head")
    assert revision_of(migrated_engine) == revisions.head


def test_blocked_revision_names_who_stands_in_the_way(
    migrated_engine: Engine, revisions: Revisions, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    revisions.add_sql("ALTER TABLE users ADD COLUMN extra int")
    with holding(migrated_engine, "SELECT FROM users") as holder:
        pid = pid_of(holder)
        with released_once_said(holder, caplog, "Attempt 2 of"):
            run(migrated_engine, command.upgrade, "head")
    assert f"blocked by pid {pid} (" in caplog.text
    assert revision_of(migrated_engine) == revisions.head


def test_failure_is_told_in_postgresqls_words(
    migrated_engine: Engine, revisions: Revisions, run: Run
) -> None:
    revisions.add_sql("ALTER TABLE users ADD PRIMARY KEY (id)")
    with pytest.raises(CommandError) as failure:
        run(migrated_engine, command.upgrade, "head")
    first, *_ = str(failure.value).splitlines()
    assert first.endswith('failed: multiple primary keys for table "users" are not allowed [42P16]')


def test_warning_of_the_partitions_is_told(
    migrated_engine: Engine, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    database = migrated_engine.url.database
    execute(migrated_engine, STRANDED, f"ALTER DATABASE {database} SET deadlock_timeout TO '20ms'")
    with holding(migrated_engine, "LOCK TABLE usage_logs_default IN ROW EXCLUSIVE MODE"):
        run(migrated_engine, command.upgrade, "head")
    warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert warnings[0].startswith("usage_logs: no partition for 2071-02, its rows stay in DEFAULT")
