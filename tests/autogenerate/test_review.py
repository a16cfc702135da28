"""What a reviewer is told in the written file, of the way up and of the way down."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import MetaData

from app.revisions.hazards import Hazard
from tests.autogenerate.changes import (
    add_column,
    after_create,
    check,
    column,
    drop_column,
    drop_constraint,
)
from tests.autogenerate.conftest import Autogenerate

Change = Callable[[MetaData], object]


def retyped(table: str, name: str, type_: sa.types.TypeEngine[Any]) -> Change:
    return lambda m: setattr(column(m, table, name), "type", type_)


def nullable(table: str, name: str, value: bool) -> Change:
    return lambda m: setattr(column(m, table, name), "nullable", value)


def unique(table: str, name: str) -> Change:
    return lambda m: m.tables[table].append_constraint(
        sa.UniqueConstraint(m.tables[table].c[name], name=f"uq_{table}_{name}")
    )


def new_column_with_key(m: MetaData) -> None:
    add_column(m, "brand_kits", sa.Column("project_id", sa.Uuid))
    table = m.tables["brand_kits"]
    table.append_constraint(sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_x"))
    sa.Index("idx_x", table.c.project_id, unique=True)


def new_column_with_unique_index(m: MetaData) -> None:
    add_column(m, "users", sa.Column("level", sa.Integer, server_default="1"))
    sa.Index("idx_level", m.tables["users"].c.level, unique=True)


VALUES = ("Free", "Pro", "Team", "Enterprise")
TIERS = "subscription_tier::text IN ({})"


def tiers(*values: str) -> Change:
    shown = ", ".join(f"'{value}'" for value in values)
    return lambda m: check(m, "users", "subscription_tier", TIERS.format(shown))


UP: dict[str, tuple[Change, Hazard, str]] = {
    "dropped column": (
        lambda m: drop_column(m, "users", "full_name"),
        Hazard.COLUMN_DROPPED,
        "drops column users.full_name",
    ),
    "function with another result": (
        lambda m: after_create(
            m,
            "DROP FUNCTION warn_of_skipped_tables(); CREATE FUNCTION warn_of_skipped_tables()"
            " RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        ),
        Hazard.PRIVILEGES_LOST,
        "makes function warn_of_skipped_tables() anew",
    ),
    "function that runs as its owner": (
        lambda m: after_create(
            m, "CREATE FUNCTION f() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
        ),
        Hazard.OPEN_TO_ALL,
        "makes function f(), which runs as its owner and which everyone may execute",
    ),
    "dropped table": (
        lambda m: m.remove(m.tables["sessions"]),
        Hazard.TABLE_DROPPED,
        "drops table sessions",
    ),
    "narrowed type": (
        retyped("users", "full_name", sa.String(10)),
        Hazard.TYPE_NARROWED,
        "changes users.full_name from character varying(100) to character varying(10)",
    ),
    "bigint to integer": (
        retyped("usage_logs", "id", sa.Integer()),
        Hazard.TYPE_NARROWED,
        "changes usage_logs.id from bigint to integer",
    ),
    "integer to a numeric that is too small": (
        retyped("asset_versions", "version_number", sa.Numeric(10, 2)),
        Hazard.TYPE_NARROWED,
        "changes asset_versions.version_number from integer to numeric(10,2)",
    ),
    "integer to a text that is too short": (
        retyped("asset_versions", "version_number", sa.String(10)),
        Hazard.TYPE_NARROWED,
        "changes asset_versions.version_number from integer to character varying(10)",
    ),
    "numeric to a float that is too small": (
        retyped("usage_logs", "credits_cost", sa.Float()),
        Hazard.TYPE_NARROWED,
        "changes usage_logs.credits_cost",
    ),
    "not null": (
        nullable("users", "full_name", False),
        Hazard.NOT_NULL_SET,
        "sets users.full_name NOT NULL",
    ),
    "new column not null without default": (
        lambda m: add_column(m, "users", sa.Column("level", sa.Integer, nullable=False)),
        Hazard.REQUIRED_COLUMN_ADDED,
        "adds users.level NOT NULL without a default",
    ),
    "new check": (
        lambda m: check(m, "users", "full_name", "full_name <> ''"),
        Hazard.RULE_ADDED,
        "adds check constraint users.ck_users_full_name",
    ),
    "value taken from a list": (
        tiers(*VALUES[:-1]),
        Hazard.RULE_ADDED,
        "adds check constraint users.ck_users_subscription_tier",
    ),
    "new unique rule": (
        unique("users", "full_name"),
        Hazard.UNIQUE_ADDED,
        "adds unique constraint users.uq_users_full_name",
    ),
    "unique index of a new column with a default": (
        new_column_with_unique_index,
        Hazard.UNIQUE_ADDED,
        "adds index users.idx_level",
    ),
    "new foreign key": (
        lambda m: m.tables["sessions"].append_constraint(
            sa.ForeignKeyConstraint(["id"], ["teams.id"], name="fk_x")
        ),
        Hazard.FOREIGN_KEY_ADDED,
        "adds foreign key sessions.fk_x",
    ),
}
DOWN: dict[str, tuple[Change, Hazard, str]] = {
    "dropped function that runs as its owner": (
        lambda m: after_create(m, "DROP FUNCTION disable_triggers(regclass)"),
        Hazard.OPEN_TO_ALL,
        "downgrade makes function disable_triggers",
    ),
    "int to bigint": (
        retyped("asset_versions", "version_number", sa.BigInteger()),
        Hazard.TYPE_NARROWED,
        "downgrade takes asset_versions.version_number back from bigint to integer",
    ),
    "varchar to text": (
        retyped("users", "full_name", sa.Text()),
        Hazard.TYPE_NARROWED,
        "downgrade takes users.full_name back from text to character varying(100)",
    ),
    "new column": (
        lambda m: add_column(m, "users", sa.Column("nickname", sa.Text)),
        Hazard.COLUMN_DROPPED,
        "downgrade drops column users.nickname with its data",
    ),
    "new table": (
        lambda m: sa.Table("notes", m, sa.Column("id", sa.Integer, primary_key=True)),
        Hazard.TABLE_DROPPED,
        "downgrade drops table notes with all its rows",
    ),
    "dropped not null": (
        nullable("users", "email", True),
        Hazard.NOT_NULL_SET,
        "downgrade sets users.email NOT NULL",
    ),
    "dropped required column": (
        lambda m: drop_column(m, "templates", "preview_url"),
        Hazard.REQUIRED_COLUMN_ADDED,
        "downgrade adds templates.preview_url NOT NULL without a default",
    ),
    "added value that rows may use by then": (
        tiers(*VALUES, "Studio"),
        Hazard.RULE_ADDED,
        "downgrade adds check constraint users.ck_users_subscription_tier",
    ),
    "dropped unique rule": (
        lambda m: drop_constraint(m, "users", "uq_user_email"),
        Hazard.UNIQUE_ADDED,
        "downgrade adds unique constraint users.uq_user_email",
    ),
}


def review(text: str) -> str:
    """The docstrings of the written files."""
    return " ".join(" ".join(text.split('"""')[1::2]).split())


@pytest.mark.parametrize(
    ("change", "hazard", "point"), [*UP.values(), *DOWN.values()], ids=[*UP, *DOWN]
)
def test_reviewer_is_told_what_is_at_stake_and_what_to_do(
    change: Change, hazard: Hazard, point: str, autogenerate: Autogenerate
) -> None:
    head = review(autogenerate(change))
    assert f"- {point}" in head
    assert hazard.fix in head


HARMLESS: dict[str, tuple[Change, str]] = {
    "widened type": (retyped("users", "full_name", sa.Text()), "changes users.full_name"),
    "integer to bigint": (
        retyped("asset_versions", "version_number", sa.BigInteger()),
        "changes asset_versions.version_number",
    ),
    "integer to text": (
        retyped("asset_versions", "version_number", sa.String()),
        "- changes asset_versions.version_number",
    ),
    "integer to a text that is long enough": (
        retyped("asset_versions", "version_number", sa.String(11)),
        "- changes asset_versions.version_number",
    ),
    "checked column to text": (
        retyped("users", "subscription_tier", sa.Text()),
        "adds check constraint",
    ),
    "value added to a list": (tiers(*VALUES, "Studio"), "- adds check constraint"),
    "value taken from a list, on the way down": (tiers(*VALUES[:-1]), "downgrade adds check"),
    "rules of a new empty column": (new_column_with_key, "fails while"),
    "new table": (
        lambda m: sa.Table(
            "notes",
            m,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.Text, sa.CheckConstraint("name <> ''", name="name"), unique=True),
        ),
        "fails",
    ),
    "function with another body": (
        lambda m: after_create(
            m,
            "CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
            "CREATE OR REPLACE FUNCTION months_in_words(months date[]) RETURNS text LANGUAGE sql"
            " AS 'SELECT 1::text'",
        ),
        "privileges",
    ),
    "dropped nullable column": (lambda m: drop_column(m, "users", "full_name"), "fails"),
}


@pytest.mark.parametrize(("change", "point"), HARMLESS.values(), ids=HARMLESS)
def test_what_no_row_can_break_is_no_point_to_review(
    change: Change, point: str, autogenerate: Autogenerate
) -> None:
    assert point not in review(autogenerate(change))
