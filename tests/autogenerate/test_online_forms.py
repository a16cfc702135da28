"""What is written for tables in use, and in which revisions."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import MetaData

from tests.autogenerate.changes import (
    CHANGES,
    add_column,
    check,
    column,
    drop_column,
    drop_constraint,
    foreign_key,
    replace_index,
)
from tests.autogenerate.fresh_models import fresh_metadata
from tests.support.databases import ROOT

Autogenerate = Callable[[Callable[[MetaData], object]], list[Path]]


@pytest.fixture
def autogenerate(config: Config, tmp_path: Path) -> Autogenerate:
    """Autogenerate after a change of the models, and return the files in order."""

    def run(change: Callable[[MetaData], object]) -> list[Path]:
        with fresh_metadata() as metadata:
            change(metadata)
            command.revision(config, "change", autogenerate=True, version_path=str(tmp_path))
        return sorted(tmp_path.glob("*.py"))

    return run


def titles(written: list[Path]) -> list[str]:
    return [path.read_text().splitlines()[0].strip('".') for path in written]


def upgrade_of(path: Path) -> str:
    return path.read_text().partition("def upgrade")[2].partition("def downgrade")[0]


def many_changes(m: MetaData) -> None:
    add_column(m, "users", sa.Column("nickname", sa.String(50)))
    check(m, "users", "nickname", "nickname <> ''")
    sa.Index("idx_user_nickname", m.tables["users"].c.nickname)
    column(m, "users", "full_name").nullable = False
    add_column(m, "usage_logs", sa.Column("asset_id", sa.Uuid))
    foreign_key(m, "usage_logs", "fk_usage_logs_asset_id", "assets.id", "asset_id")
    sa.Index("idx_usagelog_assetid", m.tables["usage_logs"].c.asset_id)
    m.tables["teams"].append_constraint(sa.UniqueConstraint("name", name="uq_team_name"))


def test_what_must_not_share_a_transaction_goes_to_chained_revisions(
    autogenerate: Autogenerate, config: Config
) -> None:
    written = autogenerate(many_changes)
    assert titles(written) == [
        "change",
        "change: validate",
        "change: index uq_team_name",
        "change: unique constraint uq_team_name",
        "change: index idx_usagelog_assetid",
        "change: index idx_user_nickname",
    ]
    chain = list(ScriptDirectory.from_config(config).walk_revisions())[: len(written)]
    assert [Path(each.path) for each in reversed(chain)] == written
    head = (written[0].parent / "HEAD").read_text()
    assert head == f"{written[-1].stem}\n"


def test_files_are_those_that_the_guide_shows(config: Config, tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "autogenerate.md").read_text()
    with fresh_metadata() as m:
        add_column(m, "brand_kits", sa.Column("project_id", sa.Uuid))
        key = sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_brand_kits_project_id", use_alter=True
        )
        m.tables["brand_kits"].append_constraint(key)
        sa.Index("idx_brandkit_projectid", m.tables["brand_kits"].c.project_id)
        message = "Give brand kits a project"
        assert f'-m "{message}"' in guide
        command.revision(config, message, autogenerate=True, version_path=str(tmp_path))
    shown = re.findall(r"^…(\S+\.py)", guide, re.MULTILINE)
    assert [path.name[4:] for path in sorted(tmp_path.glob("*.py"))] == shown


def test_index_is_built_outside_a_transaction_without_timeouts_and_nothing_else(
    autogenerate: Autogenerate,
) -> None:
    (path,) = autogenerate(lambda m: sa.Index("idx_team_name", m.tables["teams"].c.name))
    lines = [line.strip() for line in upgrade_of(path).strip().splitlines()[1:]]
    assert [line.partition("(")[0] for line in lines] == [
        "with op.get_context",
        "op.execute",
        "op.execute",
        "op.drop_index",
        "op.create_index",
    ]
    assert "lock_timeout = 0" in lines[1]
    assert "statement_timeout = 0" in lines[2]
    assert "postgresql_concurrently=True, if_exists=True" in lines[3]
    assert "postgresql_concurrently=True" in lines[4]


def test_replaced_index_is_built_before_the_old_one_goes(autogenerate: Autogenerate) -> None:
    written = autogenerate(
        lambda m: replace_index(m, "projects", "idx_project_templateid", "template_id", "id")
    )
    build, swap, drop = map(upgrade_of, written)
    assert titles(written)[2] == "change: drop index idx_project_templateid_old"
    assert "idx_project_templateid_new" in build.partition("op.create_index(")[2]
    assert swap.index("RENAME TO idx_project_templateid_old") < swap.index(
        "idx_project_templateid_new RENAME TO idx_project_templateid"
    )
    assert "op.create_index" not in swap + drop
    assert "queries do without it" not in "".join(path.read_text() for path in written)


def test_index_of_a_dropped_column_goes_with_it(autogenerate: Autogenerate) -> None:
    (path,) = autogenerate(lambda m: drop_column(m, "sessions", "expires_at"))
    assert "CONCURRENTLY" not in path.read_text()


TIER = "subscription_tier::text IN ('Free', {}'Team', 'Enterprise'{})"
LOOSE = ["DROP CONSTRAINT IF EXISTS", "VALIDATE CONSTRAINT ck_users_subscription_tier"]
BESIDE = [
    "ADD CONSTRAINT ck_users_subscription_tier_new",
    "VALIDATE CONSTRAINT ck_users_subscription_tier_new",
    "RENAME CONSTRAINT ck_users_subscription_tier_new TO ck_users_subscription_tier",
]


@pytest.mark.parametrize(
    ("condition", "statements"),
    [
        (TIER.format("'Pro', ", ", 'Studio'"), LOOSE),
        (TIER.format("", ""), BESIDE),
        (TIER.format("", ", 'Studio'"), LOOSE + BESIDE),
    ],
    ids=["value added", "value removed", "one added and one removed"],
)
def test_replaced_check_stands_until_the_new_one_is_valid(
    condition: str, statements: list[str], autogenerate: Autogenerate
) -> None:
    written = autogenerate(lambda m: check(m, "users", "subscription_tier", condition))
    text = "".join(map(upgrade_of, written))
    positions = [text.find(statement) for statement in statements]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert (" OR " in text) == (len(statements) == 5)


def test_check_of_a_column_that_changes_its_type_is_validated_later(
    autogenerate: Autogenerate,
) -> None:
    """PostgreSQL itself would check all rows again, under the lock of ALTER COLUMN TYPE."""

    def widen(m: MetaData) -> None:
        CHANGES["type_changed_of_checked_column"](m)
        column(m, "users", "subscription_tier").type = sa.String(30)
        column(m, "users", "social_provider").type = sa.Text()

    change, validation = map(upgrade_of, autogenerate(widen))
    for table, name in (
        ("team_members", "role"),
        ("users", "subscription_tier"),
        ("users", "social_provider"),
    ):
        drop = f"op.drop_constraint(op.f('ck_{table}_{name}'), '{table}', type_='check')"
        create = f"op.create_check_constraint(op.f('ck_{table}_{name}'), '{table}'"
        alter = f"op.alter_column('{table}', '{name}'"
        positions = [change.find(each) for each in (drop, alter, create)]
        assert -1 not in positions
        assert positions == sorted(positions)
        assert f"VALIDATE CONSTRAINT ck_{table}_{name}" in validation
    assert change.count("postgresql_not_valid=True") == 3


def test_what_is_taken_away_goes_last_so_that_a_backfill_fits_between(
    autogenerate: Autogenerate,
) -> None:
    def split_name(m: MetaData) -> None:
        add_column(m, "users", sa.Column("given_name", sa.String(50)))
        add_column(m, "users", sa.Column("family_name", sa.String(50)))
        check(m, "users", "family_name", "family_name <> ''")
        drop_column(m, "users", "full_name")

    written = autogenerate(split_name)
    assert titles(written) == ["change", "change: validate", "change: remove"]
    assert "drop_column" not in "".join(map(upgrade_of, written[:2]))
    assert "drop_column" in upgrade_of(written[2])


def test_unique_rule_of_another_kind_is_valid_before_the_old_one_goes(
    autogenerate: Autogenerate,
) -> None:
    def ignore_case(m: MetaData) -> None:
        drop_constraint(m, "users", "uq_user_email")
        email = sa.func.lower(m.tables["users"].c.email)
        sa.Index("idx_user_email_unique", email, unique=True)

    written = autogenerate(ignore_case)
    assert "create_index" in upgrade_of(written[0])
    assert "drop_constraint" not in upgrade_of(written[0])
    assert "drop_constraint" in upgrade_of(written[1])


@pytest.mark.parametrize(
    ("options", "index", "constraint"),
    [
        ({"postgresql_nulls_not_distinct": True}, "nulls_not_distinct=True", "uq_team_name"),
        ({"postgresql_include": ["owner_id"]}, "INCLUDE (owner_id)", "uq_team_name"),
        ({"deferrable": True, "initially": "DEFERRED"}, "", "DEFERRABLE INITIALLY DEFERRED"),
    ],
)
def test_unique_constraint_of_any_kind_takes_over_an_index(
    options: dict[str, Any], index: str, constraint: str, autogenerate: Autogenerate
) -> None:
    first, second = autogenerate(
        lambda m: m.tables["teams"].append_constraint(
            sa.UniqueConstraint("name", name="uq_team_name", **options)
        )
    )
    assert "postgresql_concurrently=True" in upgrade_of(first)
    assert index in upgrade_of(first)
    assert "UNIQUE USING INDEX uq_team_name" in upgrade_of(second)
    assert constraint in upgrade_of(second)


def test_revisions_without_a_message_are_named_after_what_they_hold(
    config: Config, tmp_path: Path
) -> None:
    with fresh_metadata() as m:
        sa.Index("idx_team_name", m.tables["teams"].c.name)
        sa.Index("idx_team_createdat", m.tables["teams"].c.created_at)
        command.revision(config, autogenerate=True, version_path=str(tmp_path))
    names = sorted(path.stem for path in tmp_path.glob("*.py"))
    assert [name[5:] for name in names] == ["index_idx_team_createdat", "index_idx_team_name"]


def test_revision_id_that_does_not_fit_is_refused(config: Config, tmp_path: Path) -> None:
    options = {"autogenerate": True, "version_path": str(tmp_path), "rev_id": "x" * 31}
    with fresh_metadata() as m:
        many_changes(m)
        with pytest.raises(CommandError, match="longer than the 32 characters"):
            command.revision(config, "long", **options)  # type: ignore[arg-type]
    assert not list(tmp_path.glob("*.py"))


@pytest.mark.parametrize("id_", ["deadbeefcafe", "x" * 30])
def test_revision_id_that_fits_is_kept_for_each_part(
    config: Config, tmp_path: Path, id_: str
) -> None:
    with fresh_metadata() as m:
        sa.Index("idx_team_name", m.tables["teams"].c.name)
        sa.Index("idx_team_createdat", m.tables["teams"].c.created_at)
        command.revision(config, "mine", autogenerate=True, version_path=str(tmp_path), rev_id=id_)
    names = sorted(path.stem.partition("_mine")[0] for path in tmp_path.glob("*.py"))
    assert names == [id_, f"{id_}_2"]


def test_revision_id_of_exactly_32_characters_is_kept(config: Config, tmp_path: Path) -> None:
    options = {"autogenerate": True, "version_path": str(tmp_path), "rev_id": "x" * 32}
    with fresh_metadata() as m:
        m.tables["teams"].comment = "Teams."
        command.revision(config, "mine", **options)  # type: ignore[arg-type]
    assert [path.stem for path in tmp_path.glob("*.py")] == ["x" * 32 + "_mine"]


def test_new_table_keeps_the_plain_form(autogenerate: Autogenerate) -> None:
    def change(m: MetaData) -> None:
        table = sa.Table(
            "labels",
            m,
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("user_id", sa.Uuid, sa.ForeignKey("users.id"), unique=True, index=True),
            sa.CheckConstraint("id IS NOT NULL", name="id"),
        )
        assert table.indexes

    (path,) = autogenerate(change)
    assert "op.create_index" in upgrade_of(path)
    for online in ("concurrently", "not_valid", "autocommit_block"):
        assert online not in path.read_text()


def test_form_that_blocks_carries_a_warning(autogenerate: Autogenerate) -> None:
    (path,) = autogenerate(CHANGES["exclusion_constraint_added"])
    text = " ".join(path.read_text().split())
    assert "- adds exclusion constraint sessions.ex_sessions_time: readers and writers of" in text
    assert "PostgreSQL has no other form for it." in text


@pytest.mark.parametrize("name", ["unique_added_to_partitioned_table", "primary_key_extended"])
def test_form_that_blocks_nobody_carries_none(name: str, autogenerate: Autogenerate) -> None:
    assert "wait while its index is built" not in "".join(
        path.read_text() for path in autogenerate(CHANGES[name])
    )


def test_keys_on_a_primary_key_go_and_come_in_the_transaction_that_replaces_it(
    autogenerate: Autogenerate,
) -> None:
    written = autogenerate(CHANGES["primary_key_replaced_under_foreign_keys"])
    build, swap, *_ = map(upgrade_of, written)
    assert "CREATE UNIQUE INDEX CONCURRENTLY pk_users_new" in build
    steps = ["fk_teams_owner_id", "pk_users", "PRIMARY KEY USING INDEX", "create_foreign_key("]
    positions = [swap.find(step) for step in steps]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert "autocommit_block" not in swap
    assert swap.count("create_foreign_key(") == swap.count("postgresql_not_valid=True")


def test_index_on_a_partitioned_table_names_no_partition(autogenerate: Autogenerate) -> None:
    name = "idx_usagelog_actiontype"
    written = autogenerate(lambda m: replace_index(m, "usage_logs", name, "action_type", "user_id"))
    assert "op.create_partitioned_index(" in upgrade_of(written[0])
    assert "_p20" not in "".join(path.read_text() for path in written)
