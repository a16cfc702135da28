"""Planning revisions that a test writes, for a database of the test's own."""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine

from app.plan.making import Wishes, plan_for
from app.plan.modes import strength
from app.plan.report import Plan, Statement
from tests.autogenerate.revisions import writing_to
from tests.runner.revisions import Revisions
from tests.support.databases import make_config

SHARE_UPDATE_EXCLUSIVE = strength("ShareUpdateExclusiveLock")
DEFAULT = Wishes()
OUTSIDE = """\
with op.get_context().autocommit_block():
    op.execute({statement!r})"""


@dataclass
class Planner:
    """Plans the revisions in ``directory`` for the database of ``engine``."""

    engine: Engine
    server: URL
    directory: Path

    def __post_init__(self) -> None:
        self.revisions = Revisions(self.directory)

    @property
    def config(self) -> Config:
        """Alembic's configuration, for the database."""
        return writing_to(self.directory, make_config(self.engine))

    def add(self, statement: str) -> str:
        """Add a revision that executes ``statement``, outside a transaction if it begins with !."""
        if statement.startswith("!"):
            return self.revisions.add(OUTSIDE.format(statement=statement[1:]))
        return self.revisions.add_sql(statement)

    def upgrade(self) -> None:
        """Bring the database to head."""
        command.upgrade(self.config, "head")

    def plan(self, target: str = "head", wishes: Wishes = DEFAULT) -> Plan:
        """Return the plan from where the database is."""
        url = self.server.render_as_string(hide_password=False)
        with self.engine.connect() as live:
            return plan_for(self.config, live, "public", target, url, "here", wishes)


def strong_locks(statement: Statement) -> set[tuple[str, str]]:
    """Return the tables that ``statement`` locks against anyone, with the modes."""
    return {
        (lock.relation, lock.mode)
        for lock in statement.effects.locks
        if lock.kind.endswith("table") and strength(lock.mode) >= SHARE_UPDATE_EXCLUSIVE
    }


def hazards(statement: Statement) -> list[str]:
    """Return the names of the hazards of ``statement``."""
    return sorted(hazard.name for hazard, _ in statement.hazards)
