"""What depends on an object that changes goes before it and comes again after it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, MetaData

from app.catalog.differences import compare, describe
from tests.autogenerate.changes import add_column, after_create, before_create, column
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to
from tests.runner.database import ask, catalog_of, execute

DEPENDANTS: dict[str, Callable[[MetaData], None]] = {}


def dependant(declare: Callable[[MetaData], None]) -> Callable[[MetaData], None]:
    DEPENDANTS[declare.__name__] = declare
    return declare


@dependant
def views_on_each_other(m: MetaData) -> None:
    after_create(m, "CREATE VIEW z_names AS SELECT id, full_name FROM users")
    after_create(m, "CREATE VIEW a_names AS SELECT full_name FROM z_names")
    after_create(m, "COMMENT ON VIEW a_names IS 'Names'")
    after_create(m, "CREATE RULE none AS ON DELETE TO z_names DO INSTEAD NOTHING")


@dependant
def materialized_view_with_index(m: MetaData) -> None:
    after_create(m, "CREATE MATERIALIZED VIEW names AS SELECT full_name FROM users")
    after_create(m, "CREATE UNIQUE INDEX idx_names ON names (full_name)")


@dependant
def policy(m: MetaData) -> None:
    after_create(m, "CREATE POLICY named ON users USING (full_name IS NOT NULL)", "users")


@dependant
def trigger_disabled_and_commented(m: MetaData) -> None:
    after_create(
        m,
        "CREATE TRIGGER renamed BEFORE UPDATE OF full_name ON users FOR EACH ROW "
        "WHEN (OLD.full_name IS DISTINCT FROM NEW.full_name) EXECUTE FUNCTION set_updated_at()",
        "users",
    )
    after_create(m, "COMMENT ON TRIGGER renamed ON users IS 'Renamed'", "users")
    after_create(m, "ALTER TABLE users DISABLE TRIGGER renamed", "users")


@dependant
def generated_column_with_index_and_check(m: MetaData) -> None:
    initial = sa.Column("initial", sa.Text, sa.Computed("left(full_name::text, 1)", persisted=True))
    add_column(m, "users", initial)
    after_create(m, "CREATE INDEX idx_initial ON users (initial)", "users")
    after_create(m, "ALTER TABLE users ADD CONSTRAINT ck_i CHECK (initial <> '?')", "users")


@dependant
def function_with_sql_body(m: MetaData) -> None:
    after_create(
        m,
        "CREATE FUNCTION first_name() RETURNS text LANGUAGE sql "
        "BEGIN ATOMIC SELECT full_name FROM users LIMIT 1; END",
    )


@pytest.fixture
def config(migrated_engine: Engine, make_config: Callable[[str], Config], tmp_path: Path) -> Config:
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = migrated_engine
    return config


def write_and_upgrade(config: Config, directory: Path) -> str:
    """Return the revision before those that are written."""
    before = str(ScriptDirectory.from_config(config).get_current_head())
    command.revision(config, "change", autogenerate=True, version_path=str(directory))
    command.upgrade(config, "head")
    command.check(config)
    return before


@pytest.mark.parametrize("declare", DEPENDANTS.values(), ids=DEPENDANTS)
def test_dependants_of_a_changed_type_come_again(
    declare: Callable[[MetaData], None], migrated_engine: Engine, config: Config, tmp_path: Path
) -> None:
    with fresh_metadata() as metadata:
        declare(metadata)
        write_and_upgrade(config, tmp_path)
        before = catalog_of(migrated_engine)
        column(metadata, "users", "full_name").type = sa.Text()
        start = write_and_upgrade(config, tmp_path)
        command.downgrade(config, start)
        assert describe(compare(before, catalog_of(migrated_engine))) == ""
        command.upgrade(config, "head")
        command.check(config)


def test_generated_expression_that_changes_takes_its_index_along(
    migrated_engine: Engine, config: Config, tmp_path: Path
) -> None:
    with fresh_metadata() as metadata:
        generated_column_with_index_and_check(metadata)
        write_and_upgrade(config, tmp_path)
        before = catalog_of(migrated_engine)
        column(metadata, "users", "initial").computed.sqltext = sa.text(  # type: ignore[union-attr]
            "right(full_name::text, 1)"
        )
        start = write_and_upgrade(config, tmp_path)
        command.downgrade(config, start)
        assert describe(compare(before, catalog_of(migrated_engine))) == ""


def test_generated_column_made_plain_keeps_its_values_and_comes_back_generated(
    migrated_engine: Engine, config: Config, tmp_path: Path
) -> None:
    with fresh_metadata() as metadata:
        generated_column_with_index_and_check(metadata)
        write_and_upgrade(config, tmp_path)
        execute(migrated_engine, "INSERT INTO users (email, full_name) VALUES ('a@b.c', 'Ann')")
        before = catalog_of(migrated_engine)
        initial = column(metadata, "users", "initial")
        initial.server_default = initial.computed = None
        start = write_and_upgrade(config, tmp_path)
        assert ask(migrated_engine, "SELECT initial FROM users") == "A"
        command.downgrade(config, start)
        assert describe(compare(before, catalog_of(migrated_engine))) == ""


def test_function_with_another_result_takes_its_trigger_and_default_along(
    migrated_engine: Engine, config: Config, tmp_path: Path
) -> None:
    create = "CREATE FUNCTION tag() RETURNS {} LANGUAGE sql AS 'SELECT 7'"
    with fresh_metadata() as metadata:
        before_create(metadata, create.format("integer"))
        add_column(
            metadata, "assets", sa.Column("tag", sa.BigInteger, server_default=sa.text("tag()"))
        )
        write_and_upgrade(config, tmp_path)
        before = catalog_of(migrated_engine)
        before_create(metadata, "DROP FUNCTION tag()")
        before_create(metadata, create.format("bigint"))
        start = write_and_upgrade(config, tmp_path)
        command.downgrade(config, start)
        assert describe(compare(before, catalog_of(migrated_engine))) == ""


def test_enum_whose_values_change_converts_its_columns_both_ways(
    migrated_engine: Engine, config: Config, tmp_path: Path
) -> None:
    with fresh_metadata() as metadata:
        before_create(metadata, "CREATE TYPE mood AS ENUM ('sad', 'happy')")
        after_create(metadata, "ALTER TABLE users ADD mood mood DEFAULT 'sad', ADD moods mood[]")
        write_and_upgrade(config, tmp_path)
        execute(migrated_engine, "INSERT INTO users (email, moods) VALUES ('a@b.c', '{happy}')")
        before = catalog_of(migrated_engine)
        before_create(metadata, "ALTER TYPE mood ADD VALUE 'calm' BEFORE 'happy'")
        start = write_and_upgrade(config, tmp_path)
        command.downgrade(config, start)
        assert describe(compare(before, catalog_of(migrated_engine))) == ""
        assert ask(migrated_engine, "SELECT mood || ' ' || moods::text FROM users") == "sad {happy}"


def test_column_that_would_fall_with_another_object_is_refused(
    migrated_engine: Engine, config: Config, tmp_path: Path
) -> None:
    """Dropping a type that a column still uses would drop the column's data."""
    with fresh_metadata() as metadata:
        before_create(metadata, "CREATE TYPE pair AS (a integer, b integer)")
        after_create(metadata, "ALTER TABLE users ADD both_of pair")
        write_and_upgrade(config, tmp_path)
        files = sorted(tmp_path.glob("*.py"))
        before_create(metadata, "ALTER TYPE pair ADD ATTRIBUTE c integer")
        with pytest.raises(CommandError, match="type pair cannot be altered"):
            command.revision(config, "change", autogenerate=True, version_path=str(tmp_path))
        assert sorted(tmp_path.glob("*.py")) == files


def test_type_and_the_column_that_uses_it_go_together(
    migrated_engine: Engine, config: Config, tmp_path: Path
) -> None:
    execute(
        migrated_engine,
        "CREATE DOMAIN percent AS integer; CREATE TYPE mood AS ENUM ('sad'); "
        "ALTER TABLE users ADD done percent DEFAULT 1, ADD mood mood",
    )
    before = catalog_of(migrated_engine)
    start = write_and_upgrade(config, tmp_path)
    command.downgrade(config, start)
    assert describe(compare(before, catalog_of(migrated_engine))) == ""
