"""Revisions that tests write."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from tests.support.revisions import HEAD

TEMPLATE = '''\
"""{title}."""

import os
import time
from pathlib import Path

from alembic import op

revision = "{revision}"
down_revision = {down_revision!r}


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
'''


@dataclass
class Revisions:
    """A directory of revisions, each after the one before; the first one after the project's."""

    directory: Path

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        there = [path.name[:4] for path in self.directory.glob("[0-9]*.py")]
        self.head = max(there, default=HEAD)

    def add(
        self,
        *upgrade: str,
        downgrade: str = "pass",
        after: str | tuple[str, ...] | None = None,
    ) -> str:
        """Add a revision of the Python statements ``upgrade``, and return its id.

        It comes after the newest one, or those that ``after`` names.
        """
        before, self.head = after or self.head, f"{int(self.head) + 1:04d}"
        text = TEMPLATE.format(
            title=f"Revision {self.head} of a test",
            revision=self.head,
            down_revision=before,
            upgrade=indent("\n".join(upgrade), "    "),
            downgrade=indent(downgrade, "    "),
        )
        (self.directory / f"{self.head}_of_a_test.py").write_text(text)
        return self.head

    def add_sql(
        self,
        *upgrade: str,
        downgrade: str = "SELECT 1",
        after: str | tuple[str, ...] | None = None,
    ) -> str:
        """Add a revision that executes the SQL statements ``upgrade``, and return its id."""
        return self.add(
            *(f"op.execute({statement!r})" for statement in upgrade),
            downgrade=f"op.execute({downgrade!r})",
            after=after,
        )
