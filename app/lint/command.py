"""``creativeflow-schema lint``: lint the SQL of each revision alone."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from ..command_line import alembic_options
from ..command_line.output import add_format
from ..installation import COMMAND
from .linter import CONFIGURATION
from .printing import show
from .report import Report, inspect
from .script import NotOfflineError, write_upgrade


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.usage = "%(prog)s [OPTION ...] [REVISION ...]"
    parser.description = "Lint the SQL of each revision alone, as upgrade --sql writes it."
    parser.epilog = f"Example: {COMMAND} lint head --format markdown"
    parser.add_argument(
        "revisions", nargs="*", metavar="REVISION", help="such as 0002 or head (default: all)"
    )
    add_format(parser)
    alembic_options.add_to(parser)


def run(options: Namespace) -> int:
    """Lint the revisions; return 1 if there is a problem in one.

    Raises:
        CommandError: there is no such revision, or nothing can be linted.
    """
    config = alembic_options.load_config(options)
    script = ScriptDirectory.from_config(config)
    reports = [_lint(config, script, revision) for revision in _choose(script, options.revisions)]
    print(show(reports, options.format))
    return int(any(report.problems for report in reports))


def _lint(config: Config, script: ScriptDirectory, revision: Script) -> Report:
    path = Path(revision.path)
    try:
        sql = write_upgrade(config, script, revision)
    except NotOfflineError as error:
        return Report(path.name, not_linted=str(error).splitlines()[0])
    return inspect(path, sql, Path(script.dir) / CONFIGURATION)


def _choose(script: ScriptDirectory, names: Sequence[str]) -> list[Script]:
    if not names:
        return list(reversed(list(script.walk_revisions())))
    found = [revision for revision in script.get_revisions(names) if revision is not None]
    if not found:
        raise CommandError(f"No revision: {' '.join(names)}.\nList them: {COMMAND} history")
    return found
