"""A chain that rows stop half-way leaves the database as it was before the chain."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, MetaData

from tests.autogenerate.changes import check, column, drop_constraint
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to
from tests.runner.database import ask, catalog_of, execute, revision_of
from tests.runner.processes import finish, start_alembic
from tests.support.commands import copy_checkout
from tests.support.revisions import HEAD, after_head

# What no guard keeps out: rows may come in between its answer and the validation.
SKIP = ("misfits", "skip")
NOTE = "SELECT obj_description('alembic_version'::regclass)"
USERS = """\
INSERT INTO users (email, username, password_hash, full_name, subscription_tier)
VALUES ('a@example.com', 'a', 'x', NULL, 'Free'), ('A@example.com', 'b', 'x', 'Same', 'Pro'),
       ('c@example.com', 'c', 'x', 'Same', 'Team')"""
TIERS = "subscription_tier::text IN ({})"


def ignore_case(m: MetaData) -> None:
    drop_constraint(m, "users", "uq_user_email")
    sa.Index("idx_user_email", sa.func.lower(m.tables["users"].c.email), unique=True)


def unique_names(m: MetaData) -> None:
    m.tables["users"].append_constraint(sa.UniqueConstraint("full_name", name="uq_full_name"))


def replaced_unique_rule(m: MetaData) -> None:
    drop_constraint(m, "users", "uq_user_username")
    m.tables["users"].append_constraint(sa.UniqueConstraint("full_name", name="uq_user_username"))


def index_and_check(m: MetaData) -> None:
    sa.Index("idx_added", m.tables["users"].c.full_name)
    check(m, "users", "full_name", "full_name <> 'Same'")


CHANGES: dict[str, Callable[[MetaData], object]] = {
    "unique rule of another kind": ignore_case,
    "unique rule": unique_names,
    "replaced unique rule": replaced_unique_rule,
    "not null": lambda m: setattr(column(m, "users", "full_name"), "nullable", False),
    "check": lambda m: check(m, "users", "full_name", "full_name <> 'Same'"),
    "value removed": lambda m: check(
        m, "users", "subscription_tier", TIERS.format("'Free', 'Team', 'Enterprise'")
    ),
    "value added and removed": lambda m: check(
        m, "users", "subscription_tier", TIERS.format("'Free', 'Team', 'Studio'")
    ),
    "foreign key": lambda m: m.tables["users"].append_constraint(
        sa.ForeignKeyConstraint(["id"], ["teams.id"], name="fk_users_id")
    ),
    "with an addition before": index_and_check,
}


def write(config: Config, directory: Path, change: Callable[[MetaData], object]) -> list[Path]:
    with fresh_metadata() as metadata:
        change(metadata)
        command.revision(config, "change", autogenerate=True, version_path=str(directory))
    return sorted(directory.glob("*.py"))


@pytest.mark.parametrize("name", CHANGES)
def test_rows_that_do_not_fit_leave_all_as_it_was(
    name: str, migrated_engine: Engine, make_config: Callable[[str], Config], tmp_path: Path
) -> None:
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = migrated_engine
    written = write(config, tmp_path, CHANGES[name])
    assert written
    assert [p.name for p in written if "\nchain: tuple[str, str] = (" not in p.read_text()] == []
    execute(migrated_engine, USERS)
    before = catalog_of(migrated_engine)
    config.set_main_option(*SKIP)

    with pytest.raises(CommandError) as told:
        command.upgrade(config, "head")
    assert "[23" in str(told.value)
    assert catalog_of(migrated_engine) == before
    assert revision_of(migrated_engine) == HEAD
    assert ask(migrated_engine, NOTE) is None
    execute(migrated_engine, "UPDATE users SET last_login_at = now()")

    execute(migrated_engine, "DELETE FROM users")
    command.upgrade(config, "head")
    with fresh_metadata() as metadata:
        CHANGES[name](metadata)
        command.check(config)


def test_message_names_the_failure_and_what_stands(
    migrated_engine: Engine, make_config: Callable[[str], Config], tmp_path: Path
) -> None:
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = migrated_engine
    write(config, tmp_path, CHANGES["check"])
    execute(migrated_engine, USERS)
    config.set_main_option(*SKIP)
    with pytest.raises(CommandError) as told:
        command.upgrade(config, "head")
    first, *_, last = str(told.value).splitlines()
    assert f"Upgrade {after_head()} -> {after_head(2)}, change: validate failed: " in first
    assert last == (
        f"What was done since {after_head()} was taken back: the database is at {HEAD}, with the "
        "rules and indexes that it had there. Mend the rows, and run the command again."
    )


def test_taking_back_that_was_killed_is_finished_by_the_next_upgrade(
    migrated_engine: Engine, make_config: Callable[[str], Config], tmp_path: Path
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    config = Config(checkout / "alembic.ini")
    config.attributes["connection"] = migrated_engine
    *_, last = write(config, checkout / "versions", CHANGES["with an addition before"])
    before = catalog_of(migrated_engine)
    command.upgrade(config, "head")
    execute(
        migrated_engine,
        f"COMMENT ON TABLE alembic_version IS 'taking back the chain from {after_head()}'",
    )
    execute(
        migrated_engine,
        "DROP INDEX idx_added",
        "ALTER TABLE users DROP CONSTRAINT ck_users_full_name",
        USERS,
        "ALTER TABLE users ADD CONSTRAINT ck_users_full_name CHECK (full_name <> 'Same') NOT VALID",
    )
    finish(start_alembic(migrated_engine, "upgrade", "head", cwd=checkout), expect=255)
    assert catalog_of(migrated_engine) == before
    assert last.exists()


def test_downgrade_of_a_chain_that_was_killed_is_finished_first(
    migrated_engine: Engine, make_config: Callable[[str], Config], tmp_path: Path
) -> None:
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = migrated_engine
    write(config, tmp_path, unique_names)
    command.upgrade(config, "head")
    head = catalog_of(migrated_engine)
    # As a downgrade of the second revision leaves it while it builds the index.
    note = f"unfinished downgrade from {after_head(2)} to {after_head()}"
    execute(
        migrated_engine,
        "CREATE UNIQUE INDEX uq_full_name_new ON users (full_name)",
        f"COMMENT ON TABLE alembic_version IS '{note}'",
    )
    command.upgrade(config, "head")
    assert catalog_of(migrated_engine) == head
    assert ask(migrated_engine, NOTE) is None
