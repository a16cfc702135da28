"""Running revisions on the scratch database, as ``alembic upgrade`` runs them on a live one."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import partial
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from ..compat import MigrationStep, downgrade_step, upgrade_step

Around = Callable[[Script, Callable[[], None]], None]
"""Is given a revision, and what runs it."""


class Rehearsal:
    """The revisions of a script directory on one scratch database, through its ``env.py``."""

    def __init__(self, config: Config, script: ScriptDirectory, scratch: Connection) -> None:
        """Take where the revisions are, and the connection that ``env.py`` is to use."""
        self._script = script
        self._config = copy(config)
        self._config.cmd_opts = None  # nor does env.py say what it does
        self._config.attributes = {"connection": scratch, "maintain": False}

    def upgrade(self, revisions: Iterable[Script], around: Around) -> None:
        """Apply ``revisions`` in their order, each of them by ``around``."""
        steps = [upgrade_step(self._script, each, partial(around, each)) for each in revisions]
        # The runner tells an upgrade from the rest as Alembic does: by the name of the function.
        self._run("upgrade", steps)

    def downgrade(self, revision: Script, around: Around) -> None:
        """Undo ``revision``, the last one that was applied, by ``around``."""
        self._run("downgrade", [downgrade_step(self._script, revision, partial(around, revision))])

    def _run(self, name: str, steps: list[MigrationStep]) -> None:
        def decide(_heads: Any, _context: Any) -> Iterator[MigrationStep]:
            return iter(steps)

        decide.__name__ = name
        with EnvironmentContext(
            self._config, self._script, fn=decide, destination_rev="the plan's"
        ):
            self._script.run_env()


def untouched(_revision: Script, migrate: Callable[[], None]) -> None:
    """Just run a revision."""
    migrate()
