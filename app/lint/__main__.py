"""``python -m app.lint``: lint the SQL of each revision alone.

Exits with 0 if all are clean, with 1 if something was found, with 2 if nothing could be linted.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from .linter import CONFIGURATION
from .report import inspect
from .script import NotOfflineError, write_upgrade
from .waivers import FORM

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m app.lint",
        description="Lint the SQL of each revision alone, as alembic upgrade --sql writes it.",
    )
    parser.add_argument(
        "revisions", nargs="*", metavar="revision", help="such as 0002 or head (default: all)"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        return _lint(options.root, options.revisions)
    except CommandError as error:
        print(error, file=sys.stderr)
        return 2


def _lint(root: Path, names: Sequence[str]) -> int:
    config = Config(root / "alembic.ini")
    script = ScriptDirectory.from_config(config)
    found = 0
    for revision in _choose(script, names):
        path = Path(revision.path)
        try:
            sql = write_upgrade(config, script, revision)
        except NotOfflineError as error:
            print(f"{path.name}: not linted: {str(error).splitlines()[0]}")
            continue
        report = inspect(path, sql, root / CONFIGURATION)
        found += len(report.problems)
        waived = f", waived: {', '.join(report.waived)}" if report.waived else ""
        print("\n".join(report.problems) or f"{path.name}: clean{waived}")
    if found:
        print(
            f"Problems: {found}. What a rule is for: https://squawkhq.com/docs/<rule>\n"
            f"Mend the revision, or say in it why it may break the rule: {FORM}"
        )
    return int(bool(found))


def _choose(script: ScriptDirectory, names: Sequence[str]) -> list[Script]:
    if not names:
        return list(reversed(list(script.walk_revisions())))
    found = [revision for revision in script.get_revisions(names) if revision is not None]
    if not found:
        raise CommandError(f"No revision: {' '.join(names)}.\nList them: alembic history")
    return found


if __name__ == "__main__":
    sys.exit(main())
