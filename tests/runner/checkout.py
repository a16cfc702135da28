"""A checkout whose revisions use every way to change a database, and killed runs of it."""

import time
from pathlib import Path
from random import SystemRandom

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.catalog.snapshot import Snapshot
from tests.runner.database import catalog_of, revision_of
from tests.runner.processes import finish, start_alembic, wait_for
from tests.runner.revisions import Revisions
from tests.support.commands import copy_checkout, url_of

INDEX = """\
with op.get_context().autocommit_block():
    op.execute("SET lock_timeout = 0")
    op.execute("SET statement_timeout = 0")
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_extra")
    op.execute("CREATE INDEX CONCURRENTLY ix_extra ON users (full_name)")
"""
DROP_INDEX = """\
with op.get_context().autocommit_block():
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_extra")
"""
PARTITIONED_INDEX = """\
op.create_partitioned_index("ix_logs", "usage_logs", "USING btree (action_type, user_id)")
"""
DROP_PARTITIONED_INDEX = 'op.drop_index("ix_logs", table_name="usage_logs", if_exists=True)'


def make_checkout(directory: Path) -> Path:
    """Copy the project to ``directory`` with four more revisions, two of them in no transaction."""
    checkout = copy_checkout(directory)
    revisions = Revisions(checkout / "versions")
    revisions.add_sql("CREATE TABLE extra (id int)", downgrade="DROP TABLE extra")
    revisions.add(INDEX, downgrade=DROP_INDEX)
    revisions.add_sql(
        "ALTER TABLE users ADD COLUMN extra int",
        "SELECT pg_sleep(0.05)",
        "UPDATE users SET extra = 1",
        downgrade="ALTER TABLE users DROP COLUMN extra",
    )
    revisions.add(PARTITIONED_INDEX, downgrade=DROP_PARTITIONED_INDEX)
    return checkout


def config_of(checkout: Path, engine: Engine) -> Config:
    """Return the configuration of ``checkout``, for the database of ``engine``."""
    config = Config(checkout / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url_of(engine).replace("%", "%%"))
    return config


def kill_at_random_moments(
    engine: Engine, head: Snapshot, checkout: Path, name: str, times: int
) -> list[str | None]:
    """Kill a run of ``name`` as often, and see that the next upgrade always leads to ``head``.

    Returns the revision that the database was at after each kill.
    """
    config = config_of(checkout, engine)
    start, target = ("base", "head") if name == "upgrade" else ("head", "base")
    command.upgrade(config, "head")
    found = []
    longest = 0.25
    for _ in range(times):
        if start == "base":
            command.downgrade(config, "base")
        run = start_alembic(engine, name, target, cwd=checkout)
        wait_for(run, "PostgreSQL")
        time.sleep(SystemRandom().uniform(0, longest))
        run.kill()
        run.communicate()
        found.append(revision_of(engine))
        finish(start_alembic(engine, "upgrade", "head", cwd=checkout), expect=0)
        assert catalog_of(engine) == head, f"after kills at {found}"
    return found
