"""``upgrade head --sql``: a complete script that refuses the wrong database."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.server.quoting import quote_identifier
from tests.runner.database import ask, execute
from tests.runner.revisions import Revisions
from tests.runner.test_session import NOTE, SET
from tests.support.commands import copy_checkout, run_alembic
from tests.support.psql import psql
from tests.support.revisions import HEAD, after_head

NEXT = after_head()
NOWHERE = {"DATABASE_URL": "postgresql://nobody@localhost:1/none"}
SECOND = f'''
"""Add a second table."""
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD}"


def upgrade() -> None:
    op.execute("CREATE TABLE second (id int)")


def downgrade() -> None:
    op.execute("DROP TABLE second")
'''
LAST_MONTH = """\
SELECT max(inhrelid::regclass::text) FROM pg_inherits
WHERE inhparent = 'usage_logs'::regclass AND inhrelid <> 'usage_logs_default'::regclass"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with two revisions, so that a script has two transactions."""
    checkout = copy_checkout(tmp_path_factory.mktemp("offline") / "checkout")
    (checkout / "versions" / f"{NEXT}_second.py").write_text(SECOND)
    return checkout


def script(checkout: Path, *arguments: str) -> str:
    result = run_alembic(*arguments, "--sql", cwd=checkout, **NOWHERE)
    assert result.returncode == 0, result.stderr
    return result.stdout


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def has_second_table(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT to_regclass('second')")) is not None


def test_script_brings_an_empty_database_to_head(checkout: Path, empty_engine: Engine) -> None:
    result = psql(empty_engine, script=script(checkout, "upgrade", "head"))
    assert "ERROR" not in result.stderr
    assert revision(empty_engine) == NEXT
    assert has_second_table(empty_engine)


def test_script_goes_up_and_down_between_given_revisions(
    checkout: Path, migrated_engine: Engine
) -> None:
    assert (
        "ERROR"
        not in psql(migrated_engine, script=script(checkout, "upgrade", f"{HEAD}:head")).stderr
    )
    assert has_second_table(migrated_engine)
    assert (
        "ERROR"
        not in psql(migrated_engine, script=script(checkout, "downgrade", f"{NEXT}:base")).stderr
    )
    assert revision(migrated_engine) is None
    # A database downgraded to base keeps an empty version table; the first script serves it too.
    assert "ERROR" not in psql(migrated_engine, script=script(checkout, "upgrade", "head")).stderr
    assert revision(migrated_engine) == NEXT


def test_script_from_base_refuses_a_migrated_database(
    checkout: Path, migrated_engine: Engine
) -> None:
    result = psql(migrated_engine, script=script(checkout, "upgrade", "head"))
    assert f"starts at revision base, but the database is at {HEAD}" in result.stderr
    assert "alembic upgrade <its revision>:head --sql" in result.stderr
    assert revision(migrated_engine) == HEAD
    assert not has_second_table(migrated_engine)


def test_script_for_a_later_revision_refuses_an_empty_database(
    checkout: Path, empty_engine: Engine
) -> None:
    result = psql(empty_engine, script=script(checkout, "upgrade", f"{HEAD}:head"))
    assert f"starts at revision {HEAD}, but the database is at base" in result.stderr
    assert revision(empty_engine) is None
    assert not has_second_table(empty_engine)


def test_downgrade_script_refuses_a_database_that_is_further_back(
    checkout: Path, migrated_engine: Engine
) -> None:
    result = psql(migrated_engine, script=script(checkout, "downgrade", f"{NEXT}:base"))
    assert f"starts at revision {NEXT}, but the database is at {HEAD}" in result.stderr
    # The second transaction would fit the database, but it is not run either.
    assert "an earlier transaction of this script failed" in result.stderr
    assert revision(migrated_engine) == HEAD


@pytest.mark.parametrize("schema", ["Odd name", "$guard$", "$do$ $do_$ 'x' \\ \" %s :x"])
def test_script_works_in_the_schema_it_is_written_for(
    checkout: Path, empty_engine: Engine, schema: str
) -> None:
    quoted = quote_identifier(schema)
    psql(empty_engine, script=f"CREATE SCHEMA {quoted}")
    sql = script(checkout, "-x", f"schema={schema}", "upgrade", "head")
    assert psql(empty_engine, script=sql).stderr == ""
    with empty_engine.connect() as connection:
        found = text("SELECT to_regclass(:name) IS NOT NULL")
        assert connection.scalar(found, {"name": f"{quoted}.users"})
        assert connection.scalar(found, {"name": f"{quoted}.usage_logs_default"})
        assert not connection.scalar(found, {"name": "public.users"})


def test_refusal_names_any_revision(empty_engine: Engine, tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    odd = SECOND.replace(f'revision = "{NEXT}"', 'revision = "100%s $do$"', 1)
    (checkout / "versions" / "odd.py").write_text(odd)
    result = psql(empty_engine, script=script(checkout, "downgrade", "100%s $do$:base"))
    assert "starts at revision 100%s $do$, but the database is at base" in result.stderr


def test_script_of_ensure_version_makes_the_table_in_its_schema(
    checkout: Path, empty_engine: Engine
) -> None:
    psql(empty_engine, script="CREATE SCHEMA creative")
    sql = script(checkout, "-x", "schema=creative", "ensure_version")
    assert psql(empty_engine, script=sql).stderr == ""
    with empty_engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('creative.alembic_version')"))


def test_script_goes_over_branches_and_their_merge(migrated_engine: Engine, tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    revisions = Revisions(checkout / "versions")
    branches = [revisions.add_sql(f"CREATE TABLE b{n} ()", after=HEAD) for n in range(5)]
    merge = revisions.add_sql("CREATE TABLE merged ()", after=tuple(branches))
    result = psql(migrated_engine, script=script(checkout, "upgrade", f"{HEAD}:head"))
    assert result.stderr == ""
    assert revision(migrated_engine) == merge


def test_what_a_revision_sets_is_not_there_for_the_next_one_nor_for_the_partitions(
    migrated_engine: Engine, tmp_path: Path
) -> None:
    execute(migrated_engine, "CREATE SCHEMA audit", "CREATE TABLE noted (text text)")
    execute(migrated_engine, "GRANT SELECT, UPDATE ON alembic_version TO pg_monitor")
    checkout = copy_checkout(tmp_path / "checkout")
    revisions = Revisions(checkout / "versions")
    for statement in (*SET, "SET default_transaction_read_only = on"):
        revisions.add_sql(NOTE, statement)
    month = ask(migrated_engine, LAST_MONTH)
    revisions.add_sql(NOTE, f"DROP TABLE {month}", SET[0])
    sql = script(checkout, "upgrade", f"{HEAD}:head")
    result = psql(migrated_engine, script=f"SET TimeZone = 'Asia/Tokyo';\n{sql}")
    assert result.stderr == ""
    owner = ask(migrated_engine, "SELECT current_user")
    noted = ask(migrated_engine, "SELECT string_agg(DISTINCT text, '; ') FROM noted")
    assert noted == f'{owner} on "public" origin Asia/Tokyo read committed off'
    assert ask(migrated_engine, LAST_MONTH) == month
