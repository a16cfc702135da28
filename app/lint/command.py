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
from ..revisions.heads import load_revisions
from ..server.connection import schema_name
from ..server.scratch import find_scratch_url
from .asking import Suspect, ask
from .linter import CONFIGURATION, lint
from .printing import show
from .report import Report, report
from .script import NotOfflineError, write_upgrade
from .waivers import find_waivers


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.usage = "%(prog)s [OPTION ...] [REVISION ...]"
    parser.description = (
        "Lint the SQL of each revision alone, as upgrade --sql writes it.\n"
        "What is found is asked of PostgreSQL, on a scratch database."
    )
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
    given = alembic_options.x_arguments(options)
    script = load_revisions(config)
    revisions = _choose(script, options.revisions)
    reports, not_asked = lint_revisions(
        config, script, revisions, schema_name(given), find_scratch_url(given)
    )
    print(show(reports, options.format, not_asked))
    return int(any(report.problems for report in reports))


def lint_revisions(
    config: Config,
    script: ScriptDirectory,
    revisions: Sequence[Script],
    schema: str,
    scratch_url: str | None,
) -> tuple[list[Report], str]:
    """Return what is wrong in each of ``revisions``, and what PostgreSQL could not be asked, if so.

    Raises:
        CommandError: nothing can be linted.
    """
    said: dict[str, Suspect | Report] = {}
    for revision in revisions:
        path = Path(revision.path)
        try:
            sql = write_upgrade(config, script, revision)
        except NotOfflineError as error:
            said[revision.path] = Report(path.name, not_linted=str(error).splitlines()[0])
        else:
            found = lint(sql, Path(script.dir) / CONFIGURATION)
            waived = {each.rule for each in find_waivers(path) if each.reason}
            said[revision.path] = Suspect(revision, sql, found, waived)
    suspects = [each for each in said.values() if isinstance(each, Suspect)]
    not_asked = ask(config, script, suspects, schema, scratch_url)
    return [
        report(Path(path), each) if isinstance(each, Suspect) else each
        for path, each in said.items()
    ], not_asked


def _choose(script: ScriptDirectory, names: Sequence[str]) -> list[Script]:
    if not names:
        return list(reversed(list(script.walk_revisions())))
    found = [revision for revision in script.get_revisions(names) if revision is not None]
    if not found:
        raise CommandError(f"No revision: {' '.join(names)}.\nList them: {COMMAND} history")
    return found
