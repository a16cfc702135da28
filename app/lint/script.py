"""The SQL of one revision alone, as Alembic's offline mode writes it."""

from collections.abc import Callable
from io import StringIO

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from ..compat import upgrade_step


class NotOfflineError(Exception):
    """A revision refuses to be written as SQL: it looks at the database to know what to do."""


def write_upgrade(config: Config, script: ScriptDirectory, revision: Script) -> str:
    """Return the SQL of ``revision``'s upgrade, without that of any other revision.

    This is what ``alembic upgrade <the one before>:<revision> --sql`` prints; for a merge, that
    would print the other branch as well. No database is needed.

    Raises:
        NotOfflineError: an operation of the revision cannot run offline.
        CommandError: ``env.py`` refuses to run.
    """
    step = upgrade_step(script, revision, _refusing)
    config.output_buffer = written = StringIO()
    with EnvironmentContext(
        config,
        script,
        fn=lambda _heads, _context: [step],
        as_sql=True,
        starting_rev=step.from_revisions_no_deps,
        destination_rev=revision.revision,
    ):
        script.run_env()
    return written.getvalue()


def _refusing(upgrade: Callable[[], None]) -> None:
    try:
        upgrade()
    except CommandError as error:
        raise NotOfflineError(str(error)) from error
