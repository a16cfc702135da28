"""What autogenerate writes for tables in use, run while an application writes to them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData

from tests.autogenerate.changes import add_column, check, column, foreign_key
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to
from tests.runner.database import execute, revision_of
from tests.runner.load import Load

FILL_USERS = """\
INSERT INTO users (email, username, full_name)
SELECT n || '@example.com', n, 'User ' || n FROM generate_series(1, {rows}) AS n"""
FILL_LOGS = """\
INSERT INTO usage_logs (user_id, action_type, timestamp)
SELECT (SELECT id FROM users LIMIT 1), 'asset_exported', now() + mod(n, 90) * interval '1 day'
FROM generate_series(1, {rows}) AS n"""
ADD_USER = """\
INSERT INTO users (email, username, full_name) \
SELECT x || '@example.com', left(x, 20), 'New' FROM CAST(gen_random_uuid() AS text) AS x"""
CHANGE_USER = """\
UPDATE users SET full_name = 'Changed' \
WHERE email = (SELECT (random() * 1000)::int || '@example.com')"""
ADD_LOG = """\
INSERT INTO usage_logs (user_id, action_type) SELECT id, 'asset_exported' FROM users LIMIT 1"""


def all_online_forms(m: MetaData) -> None:
    """Change two tables in each way that has an online form."""
    users, logs = m.tables["users"], m.tables["usage_logs"]
    add_column(m, "users", sa.Column("team_id", sa.Uuid))
    foreign_key(m, "users", "fk_users_team_id", "teams.id", "team_id", use_alter=True)
    column(m, "users", "full_name").nullable = False
    check(m, "users", "full_name", "full_name <> ''")
    sa.Index("idx_user_fullname", users.c.full_name)
    users.append_constraint(sa.UniqueConstraint("email", "username", name="uq_user_both"))
    add_column(m, "usage_logs", sa.Column("team_id", sa.Uuid))
    foreign_key(m, "usage_logs", "fk_usage_logs_team_id", "teams.id", "team_id")
    check(m, "usage_logs", "action_type", "action_type <> ''")
    sa.Index("idx_usagelog_teamid", logs.c.team_id, logs.c.action_type)


@pytest.mark.parametrize(
    "rows", [2_000, pytest.param(1_000_000, marks=pytest.mark.fault)], ids="{:,} rows".format
)
def test_no_write_fails_or_waits_longer_than_a_second(
    rows: int, migrated_engine: Engine, make_config: Callable[[Engine], Config], tmp_path: Path
) -> None:
    config = writing_to(tmp_path, make_config(migrated_engine))
    start = str(revision_of(migrated_engine))
    with fresh_metadata() as metadata:
        all_online_forms(metadata)
        command.revision(config, "online", autogenerate=True, version_path=str(tmp_path))
    execute(migrated_engine, FILL_USERS.format(rows=rows), FILL_LOGS.format(rows=rows))
    with Load(migrated_engine, ADD_USER, CHANGE_USER, ADD_LOG) as load:
        command.upgrade(config, "head")
        command.downgrade(config, start)
    assert load.errors == []
    assert load.done > 20
    assert load.longest < 1
