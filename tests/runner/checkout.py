"""A checkout whose revisions use every way to change a database, and killed runs of it."""

import time
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.catalog.snapshot import Snapshot
from tests.runner.database import ask, catalog_of, revision_of
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
NOTE = "SELECT obj_description('alembic_version'::regclass)"
# A table before the block, an index in it, a column after it.
AROUND = """\
op.execute("CREATE TABLE IF NOT EXISTS early ()")
with op.get_context().autocommit_block():
    op.execute("SET lock_timeout = 0")
    op.execute("SET statement_timeout = 0")
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_around")
    op.execute("CREATE INDEX CONCURRENTLY ix_around ON users (full_name)")
op.execute("ALTER TABLE users ADD COLUMN IF NOT EXISTS late int")
"""
DROP_AROUND = """\
op.execute("DROP TABLE early")
{before}
with op.get_context().autocommit_block():
    {inside}
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_around")
    {behind}
op.execute("ALTER TABLE users DROP COLUMN late")
{after}
"""
PARTITIONED_INDEX = """\
op.create_partitioned_index("ix_logs", "usage_logs", "USING btree (action_type, user_id)")
"""
DROP_PARTITIONED_INDEX = 'op.drop_index("ix_logs", table_name="usage_logs", if_exists=True)'


def drop_around(**statements: str) -> str:
    """Return the way down from ``AROUND``, with Python statements at places of it.

    The places are ``before``, ``inside``, ``behind`` and ``after``.
    """
    places = ("before", "inside", "behind", "after")
    return DROP_AROUND.format(**dict.fromkeys(places, "pass") | statements)


def make_checkout(directory: Path) -> Path:
    """Copy the project to ``directory`` with five more revisions, three of them in no transaction.

    The way down from the newest takes its time before, in and after its autocommit block.
    """
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
    pause = "time.sleep(0.04)"
    revisions.add(
        AROUND, downgrade=drop_around(before=pause, inside=pause, behind=pause, after=pause)
    )
    return checkout


def config_of(checkout: Path, engine: Engine) -> Config:
    """Return the configuration of ``checkout``, for the database of ``engine``."""
    config = Config(checkout / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url_of(engine).replace("%", "%%"))
    return config


@dataclass(frozen=True)
class Killed:
    """What a killed run left: the revision, and whether a downgrade is noted as unfinished."""

    revision: str | None
    noted: bool


def kill_at_random_moments(
    engine: Engine, head: Snapshot, checkout: Path, name: str, times: int
) -> list[Killed]:
    """Kill a run of ``name`` as often, and see that the next upgrade always leads to ``head``."""
    config = config_of(checkout, engine)
    start, target = ("base", "head") if name == "upgrade" else ("head", "base")
    command.upgrade(config, "head")
    found: list[Killed] = []
    longest = 0.0
    while len(found) < times:
        if start == "base":
            command.downgrade(config, "base")
        run = start_alembic(engine, name, target, cwd=checkout)
        wait_for(run, "PostgreSQL")
        started = time.monotonic()
        if longest:
            time.sleep(SystemRandom().uniform(0, longest))
            run.kill()
            run.communicate()
            found.append(Killed(revision_of(engine), ask(engine, NOTE) is not None))
        else:
            finish(run, expect=0)
            longest = time.monotonic() - started
        finish(start_alembic(engine, "upgrade", "head", cwd=checkout), expect=0)
        assert catalog_of(engine) == head, f"after {found}"
    return found
