"""What a script runs between its transactions: guarded, checked, and without effect on the next."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.support.commands import copy_checkout, run_alembic
from tests.support.psql import psql
from tests.support.revisions import HEAD, after_head

INDEX, AFTER = after_head(1), after_head(2)
BUILD_INDEX = f'''
"""Build an index."""
from alembic import op

revision = "{INDEX}"
down_revision = "{HEAD}"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("SET statement_timeout = 0")
        op.create_index("one_name", "teams", ["name"], unique=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("one_name", table_name="teams", postgresql_concurrently=True)
'''
NOTE_SETTINGS = f'''
"""Note the settings."""
from alembic import op

revision = "{AFTER}"
down_revision = "{INDEX}"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE noted AS SELECT current_setting('lock_timeout') AS lock_timeout,"
        " current_setting('statement_timeout') AS statement_timeout"
    )


def downgrade() -> None:
    op.execute("DROP TABLE noted")
'''


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    checkout = copy_checkout(tmp_path_factory.mktemp("offline") / "checkout")
    (checkout / "versions" / f"{INDEX}_index.py").write_text(BUILD_INDEX)
    (checkout / "versions" / f"{AFTER}_settings.py").write_text(NOTE_SETTINGS)
    return write(checkout, f"{HEAD}:head")


def write(checkout: Path, target: str) -> str:
    result = run_alembic("-x", "lock_timeout=3s", "upgrade", target, "--sql", cwd=checkout)
    assert result.returncode == 0, result.stderr
    return result.stdout


def scalar(engine: Engine, sql: str) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(sql))


def test_index_is_built_and_the_next_revision_has_the_timeouts_of_the_script(
    script: str, migrated_engine: Engine
) -> None:
    assert "ERROR" not in psql(migrated_engine, script=script).stderr
    assert scalar(migrated_engine, "SELECT to_regclass('one_name')") == "one_name"
    with migrated_engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM noted")).one() == ("3s", "1min")


def test_no_index_is_built_in_a_database_at_another_revision(
    script: str, migrated_engine: Engine
) -> None:
    with migrated_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    result = psql(migrated_engine, script=script)
    assert "but the database is at 0001" in result.stderr
    assert 'relation "teams" does not exist' in result.stderr
    assert scalar(migrated_engine, "SELECT to_regclass('one_name')") is None
    assert scalar(migrated_engine, "SELECT version_num FROM alembic_version") == "0001"


def test_nothing_is_said_where_nothing_is_wrong(script: str, migrated_engine: Engine) -> None:
    assert psql(migrated_engine, script=script).stderr == ""


def test_an_index_that_could_not_be_built_keeps_the_revision_from_counting_as_applied(
    script: str, migrated_engine: Engine
) -> None:
    with migrated_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO users (email) VALUES ('a@example.com');"
                "INSERT INTO teams (name, owner_id)"
                " SELECT 'twice', id FROM users, (VALUES (1), (2)) AS times"
            )
        )
    result = psql(migrated_engine, script=script)
    assert "could not create unique index" in result.stderr
    assert result.returncode == 3
    assert scalar(migrated_engine, "SELECT version_num FROM alembic_version") == HEAD
    assert scalar(migrated_engine, "SELECT to_regclass('noted')") is None


def test_upgrade_script_ends_by_making_the_partitions_of_the_coming_months(
    script: str, migrated_engine: Engine
) -> None:
    count = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'usage_logs'::regclass"
    before = scalar(migrated_engine, count)
    with migrated_engine.begin() as connection:
        newest = connection.scalar(
            text(
                "SELECT max(inhrelid::regclass::text) FROM pg_inherits "
                "WHERE inhparent = 'usage_logs'::regclass AND inhrelid::regclass::text ~ '_p'"
            )
        )
        connection.execute(text(f"DROP TABLE {newest}"))
    psql(migrated_engine, script=script)
    assert scalar(migrated_engine, count) == before
