"""What there is to say about one revision."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..revisions.guard_code import code
from ..revisions.guards import GuardOp
from .asking import Suspect
from .linter import Finding
from .rules import HAZARDS
from .waivers import find_waivers

MISSING_GUARD = "missing-guard"
# squawk obeys comments in SQL, which would waive without a reason.
_SQL_COMMENT = re.compile(r"(--|/\*)\s*squawk-")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a revision: at a ``line`` of its file, or in a ``statement`` that it runs.

    ``help`` says what to do, and, if there is one, ``at_stake`` what for.
    """

    message: str
    rule: str | None = None
    line: int | None = None
    statement: str | None = None
    at_stake: str | None = None
    help: str | None = None


@dataclass(frozen=True)
class Report:
    """What is wrong in the revision of this file, and the rules that it may break.

    ``not_linted`` is the reason if the revision cannot be linted.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    waived: list[str] = field(default_factory=list)
    not_linted: str | None = None


def report(path: Path, suspect: Suspect) -> Report:
    """Return what is wrong in the revision at ``path``: what is not refuted and not waived.

    A waiver that says no reason, names no rule or waives nothing is a problem too.

    Raises:
        CommandError: squawk cannot run.
    """
    sql, findings = suspect.sql, suspect.findings
    waivers = list(find_waivers(path))
    broken = {finding.rule for finding in findings}
    if suspect.lacking or suspect.lacking_back:
        broken.add(MISSING_GUARD)
    problems = [
        Problem(mistake, line=waiver.line)
        for waiver in waivers
        if (mistake := waiver.mistake(broken))
    ]
    if _SQL_COMMENT.search(sql):
        problems.append(Problem("a comment for squawk in SQL. Waive in Python, with a reason"))
    waived = suspect.waived
    lines = sql.splitlines()
    problems += [
        _problem(finding, lines)
        for finding in findings
        if finding.rule not in waived and finding not in suspect.refuted
    ]
    if MISSING_GUARD not in waived:
        problems += [_missing(each, "upgrade") for each in suspect.lacking]
        problems += [_missing(each, "downgrade") for each in suspect.lacking_back]
    return Report(path.name, problems, sorted(broken.intersection(waived)))


def _problem(finding: Finding, lines: list[str]) -> Problem:
    statement = lines[finding.line - 1]
    hazard = HAZARDS.get(finding.rule)
    stake, fix = (hazard.stake, hazard.fix) if hazard else (None, finding.help)
    return Problem(finding.message, finding.rule, statement=statement, at_stake=stake, help=fix)


def _missing(guard: GuardOp, way: str) -> Problem:
    back = " on the way down" if way == "downgrade" else ""
    advice = f"put first in {way}():\n{code(guard)}"
    return Problem(f"no guard for {guard.rule}{back}", MISSING_GUARD, help=advice)
