"""What there is to say about one revision."""

import re
from dataclasses import dataclass
from pathlib import Path

from .linter import Finding, lint
from .rules import HAZARDS
from .waivers import find_waivers

# squawk obeys comments in SQL, which would waive without a reason.
_SQL_COMMENT = re.compile(r"(--|/\*)\s*squawk-")


@dataclass(frozen=True)
class Report:
    """What is wrong in a revision, and the rules that it may break."""

    problems: list[str]
    waived: list[str]


def inspect(path: Path, sql: str, configuration: Path) -> Report:
    """Return what squawk finds in ``sql``, which the revision at ``path`` runs, less its waivers.

    A waiver that says no reason, names no rule or waives nothing is a problem too.

    Raises:
        CommandError: squawk cannot run.
    """
    findings = lint(sql, configuration)
    waivers = list(find_waivers(path))
    broken = {finding.rule for finding in findings}
    problems = [
        f"{path.name}:{waiver.line}: {mistake}"
        for waiver in waivers
        if (mistake := waiver.mistake(broken))
    ]
    if _SQL_COMMENT.search(sql):
        problems.append(f"{path.name}: a comment for squawk in SQL. Waive in Python, with a reason")
    waived = {waiver.rule for waiver in waivers if waiver.reason}
    problems += [
        _show(path, finding, sql.splitlines()) for finding in findings if finding.rule not in waived
    ]
    return Report(problems, sorted(waived & broken))


def _show(path: Path, finding: Finding, lines: list[str]) -> str:
    shown = [f"{path.name}: {finding.rule}: {finding.message}", f"    {lines[finding.line - 1]}"]
    hazard = HAZARDS.get(finding.rule)
    if hazard is not None:
        shown.append(f"    at stake: {hazard.stake}. {hazard.fix}.")
    elif finding.help:
        shown.append(f"    help: {finding.help}")
    return "\n".join(shown)
