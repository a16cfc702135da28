"""``psql -f ddl/schema.sql`` builds what ``alembic upgrade head`` builds (SDS 7)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from app.catalog.snapshot import snapshot
from app.db.routines import DIRECTORY
from tests.schema.documents import TABLES
from tests.support.databases import ROOT, Databases
from tests.support.psql import psql

SCRIPT = "ddl/schema.sql"
MakeConfig = Callable[[Engine], Config]


@pytest.fixture(scope="module")
def built(databases: Databases) -> Iterator[Engine]:
    """A database built by the script."""
    with databases.create() as engine:
        result = psql(engine, "--file", SCRIPT)
        assert result.returncode == 0, result.stderr
        yield engine


def test_script_gives_the_catalog_of_the_migrations(built: Engine, connection: Connection) -> None:
    migrated = snapshot(connection, "public")
    with built.connect() as connection_to_built:
        assert dict(snapshot(connection_to_built, "public")) == dict(migrated)


def test_database_built_by_the_script_is_adopted_by_stamp_and_stays_clean(
    built: Engine, make_config: MakeConfig
) -> None:
    config = make_config(built)
    command.stamp(config, "head")
    command.check(config)
    command.upgrade(config, "head")


def test_script_works_in_the_schema_that_comes_first(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA creative")
    result = psql(empty_engine, "--file", SCRIPT, PGOPTIONS="-c search_path=creative")
    assert result.returncode == 0, result.stderr
    with empty_engine.connect() as connection:
        assert not snapshot(connection, "public")
        assert snapshot(connection, "creative")


def test_script_stops_at_the_first_error_and_leaves_nothing_behind(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE templates (mine int)")
        before = dict(snapshot(connection, "public"))
    result = psql(empty_engine, "--file", SCRIPT)
    assert result.returncode != 0
    assert result.stderr.count("ERROR") == 1
    assert 'relation "templates" already exists' in result.stderr
    with empty_engine.connect() as connection:
        assert dict(snapshot(connection, "public")) == before


def test_script_includes_each_file_once_in_the_documents_order() -> None:
    included = [
        line.removeprefix("\\ir ")
        for line in (ROOT / SCRIPT).read_text().splitlines()
        if line.startswith("\\ir ")
    ]
    tables = [f"tables/{n:03}_create_{t.name}.sql" for n, t in enumerate(TABLES, start=1)]
    routines = [f"functions/{path.name}" for path in sorted(DIRECTORY.glob("*.sql"))]
    assert included == [*routines, *tables, "constraints/foreign_keys.sql"]
    assert sorted(included) == sorted(
        str(path.relative_to(ROOT / "ddl"))
        for path in (ROOT / "ddl").rglob("*.sql")
        if path.name not in ("schema.sql", "roles.sql")
    )


@pytest.mark.parametrize("path", sorted((ROOT / "ddl").rglob("*.sql")), ids=lambda path: path.name)
def test_file_says_that_it_is_generated(path: Path) -> None:
    header = "-- Generated from the models, do not edit: creativeflow-schema reference"
    assert header in path.read_text()
