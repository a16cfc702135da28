"""Changes that rows do not fit: what is there before, what comes, and how the rows are mended."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql

from tests.autogenerate.changes import (
    add_column,
    before_create,
    check,
    column,
    drop_constraint,
    foreign_key,
    primary_key,
)

ROWS = """\
INSERT INTO users (id, email, username, password_hash, full_name, subscription_tier) VALUES
    ('00000000-0000-0000-0000-000000000001', 'a@example.com', 'a', 'x', NULL, 'Free'),
    ('00000000-0000-0000-0000-000000000002', 'A@example.com', 'b', 'x', 'Same', 'Pro'),
    ('00000000-0000-0000-0000-000000000003', 'c@example.com', '37', 'x', 'Same', 'Team');
INSERT INTO sessions (user_id, device_info, ip_address, created_at, expires_at)
SELECT '00000000-0000-0000-0000-000000000001', 'x', 'x', now(), now() + n * interval '1 day'
FROM generate_series(1, 2) AS n;
INSERT INTO usage_logs (user_id, action_type, credits_cost)
SELECT NULL, 'x', n FROM generate_series(1, 4) AS n"""


@dataclass(frozen=True)
class Case:
    """A change, the rule that rows break, how many do, and what mends them."""

    change: Callable[[MetaData], object]
    rule: str
    misfits: int
    mend: str
    before: str = "SELECT 1"


def with_enum(m: MetaData) -> None:
    mood = postgresql.ENUM("sad", name="mood")
    add_column(m, "users", sa.Column("mood", mood))
    before_create(m, "CREATE TYPE mood AS ENUM ('sad')")
    mood.create_type = False


def with_new_enum(m: MetaData) -> None:
    mood = postgresql.ENUM("b", "37", name="mood")
    column(m, "users", "username").type = mood
    before_create(m, "CREATE TYPE mood AS ENUM ('b', '37')")
    mood.create_type = False
    drop_constraint(m, "users", "uq_user_username")


def with_domain(m: MetaData) -> None:
    before_create(m, "CREATE DOMAIN percent AS integer CONSTRAINT few CHECK (VALUE < 100)")
    domain = postgresql.DOMAIN("percent", sa.Integer(), create_type=False)
    add_column(m, "users", sa.Column("progress", domain))


def without_overlaps(m: MetaData) -> None:
    sessions = m.tables["sessions"]
    span = sa.func.tstzrange(sessions.c.created_at, sessions.c.expires_at)
    sa.Index("idx_sessions_span", span, postgresql_using="gist")
    sessions.append_constraint(
        postgresql.ExcludeConstraint((span, "&&"), name="ex_sessions_span", using="gist")
    )


CASES = {
    "not null": Case(
        lambda m: setattr(column(m, "users", "full_name"), "nullable", False),
        "not null users.full_name",
        1,
        "UPDATE users SET full_name = 'x' WHERE full_name IS NULL",
    ),
    "required column": Case(
        lambda m: add_column(m, "users", sa.Column("needed", sa.Integer, nullable=False)),
        "not null users.needed",
        3,
        "TRUNCATE users CASCADE",
    ),
    "check": Case(
        lambda m: check(m, "users", "full_name", "full_name NOT LIKE 'S%'"),
        "check constraint users.ck_users_full_name",
        2,
        "UPDATE users SET full_name = 'other' WHERE full_name = 'Same'",
    ),
    "check of a partitioned table": Case(
        lambda m: check(m, "usage_logs", "credits_cost", "credits_cost <> 4"),
        "check constraint usage_logs.ck_usage_logs_credits_cost",
        1,
        "DELETE FROM usage_logs WHERE credits_cost = 4",
    ),
    "value removed": Case(
        lambda m: check(m, "users", "subscription_tier", "subscription_tier::text IN ('Free')"),
        "check constraint users.ck_users_subscription_tier",
        2,
        "UPDATE users SET subscription_tier = 'Free'",
    ),
    "unique": Case(
        lambda m: m.tables["users"].append_constraint(
            sa.UniqueConstraint("full_name", name="uq_users_full_name")
        ),
        "unique constraint users.uq_users_full_name",
        2,
        "UPDATE users SET full_name = username",
    ),
    "unique index on an expression": Case(
        lambda m: sa.Index("uq_lower", sa.func.lower(m.tables["users"].c.email), unique=True),
        "index users.uq_lower",
        2,
        "UPDATE users SET email = username || '@example.com'",
    ),
    "primary key": Case(
        lambda m: primary_key(m, "sessions", "user_id"),
        "primary key sessions.pk_sessions",
        2,
        "DELETE FROM sessions",
    ),
    "exclusion": Case(
        without_overlaps,
        "exclusion constraint sessions.ex_sessions_span",
        2,
        "DELETE FROM sessions",
        "CREATE INDEX idx_sessions_span ON sessions USING gist (tstzrange(created_at, expires_at))",
    ),
    "foreign key": Case(
        lambda m: foreign_key(m, "users", "fk_users_id", "teams.id", "id"),
        "foreign key users.fk_users_id",
        3,
        "TRUNCATE users CASCADE",
    ),
    "narrower type": Case(
        lambda m: setattr(column(m, "users", "full_name"), "type", sa.String(3)),
        "column users.full_name",
        2,
        "UPDATE users SET full_name = 'x'",
    ),
    "other type": Case(
        lambda m: setattr(column(m, "users", "full_name"), "type", sa.Integer()),
        "column users.full_name",
        2,
        "UPDATE users SET full_name = '12'",
    ),
    "new enum": Case(
        with_new_enum,
        "column users.username",
        1,
        "DELETE FROM users WHERE username = 'a'",
    ),
    "enum value removed": Case(
        with_enum,
        "type mood",
        1,
        "UPDATE users SET mood = 'sad'",
        "CREATE TYPE mood AS ENUM ('happy', 'sad'); ALTER TABLE users ADD mood mood;"
        "UPDATE users SET mood = 'happy' WHERE username = 'a'",
    ),
    "domain constraint": Case(
        with_domain,
        "domain constraint percent.few",
        1,
        "UPDATE users SET progress = 7",
        "CREATE DOMAIN percent AS int; ALTER TABLE users ADD progress percent;"
        "UPDATE users SET progress = 700 WHERE username = 'a'",
    ),
}
