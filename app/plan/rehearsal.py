"""Running revisions on the scratch database, as ``alembic upgrade`` runs them on a live one."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import wraps
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep, RevisionStep
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

Around = Callable[[RevisionStep, Callable[..., None]], None]


class Rehearsal:
    """The revisions of a script directory on one scratch database, through its ``env.py``."""

    def __init__(self, config: Config, script: ScriptDirectory, scratch: Connection) -> None:
        """Take where the revisions are, and the connection that ``env.py`` is to use."""
        self._script = script
        self._config = copy(config)
        self._config.cmd_opts = None  # nor does env.py say what it does
        self._config.attributes = {"connection": scratch, "maintain": False}

    def upgrade(self, revisions: Iterable[Script], around: Around | None = None) -> None:
        """Apply ``revisions`` in their order; ``around`` is given each step to run itself."""
        from_script = MigrationStep.upgrade_from_script
        steps = [from_script(self._script.revision_map, each) for each in revisions]
        # The runner tells an upgrade from the rest as Alembic does: by the name of the function.
        self._run("upgrade", steps, around)

    def downgrade(self, revision: Script, around: Around | None = None) -> None:
        """Take back ``revision``, the one that was applied last."""
        step = MigrationStep.downgrade_from_script(self._script.revision_map, revision)
        self._run("downgrade", [step], around)

    def _run(self, name: str, steps: list[RevisionStep], around: Around | None) -> None:
        if around is not None:
            for step in steps:
                step.migration_fn = _given(around, step)

        def decide(_heads: Any, _context: Any) -> Iterator[RevisionStep]:
            return iter(steps)

        decide.__name__ = name
        with EnvironmentContext(
            self._config, self._script, fn=decide, destination_rev="those of the plan"
        ):
            self._script.run_env()


def _given(around: Around, step: RevisionStep) -> Callable[..., None]:
    migrate = step.migration_fn

    @wraps(migrate)
    def run(**arguments: Any) -> None:
        around(step, lambda: migrate(**arguments))

    return run
