"""What was found, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from ..command_line.output import as_json, as_list, as_table, in_order
from .report import Problem, Report
from .waivers import FORM

_ADVICE = (
    "What a rule is for: https://squawkhq.com/docs/<rule>\n"
    f"Mend the revision, or say in it why it may break the rule: {FORM}"
)


def show(reports: Sequence[Report], style: str, not_asked: str = "") -> str:
    """Return ``reports`` in the ``style`` ``text``, ``json`` or ``markdown``.

    ``not_asked`` says what PostgreSQL could not be asked, and why, if so.
    """
    number = sum(len(report.problems) for report in reports)
    if style == "json":
        told = {"revisions": [asdict(report) for report in reports], "problems": number}
        return as_json(told | ({"not_asked": not_asked} if not_asked else {}))
    if style == "text":
        lines = [line for report in reports for line in _lines(report)]
        advice = f"Problems: {number}. {_ADVICE}" if number else ""
        return in_order(style, "\n".join(lines), not_asked, advice)
    rows = [
        (report.file, problem.rule or "", _message(problem), _help(problem))
        for report in reports
        for problem in report.problems
    ]
    table = as_table(style, ("revision", "rule", "problem", "help"), rows) if rows else ""
    others = [line for report in reports if not report.problems for line in _lines(report)]
    return in_order(style, table, as_list(style, [*others, *[not_asked] * bool(not_asked)]))


def _lines(report: Report) -> Iterator[str]:
    if report.not_linted is not None:
        yield f"{report.file}: not linted: {report.not_linted}"
    elif not report.problems:
        waived = f", waived: {', '.join(report.waived)}" if report.waived else ""
        yield f"{report.file}: clean{waived}"
    for problem in report.problems:
        line = f":{problem.line}" if problem.line else ""
        rule = f"{problem.rule}: " if problem.rule else ""
        yield f"{report.file}{line}: {rule}{problem.message}"
        if problem.statement:
            yield f"    {problem.statement}"
        if said := _help(problem):
            yield f"    {'at stake' if problem.at_stake else 'help'}: {said}"


def _message(problem: Problem) -> str:
    line = f"line {problem.line}: " if problem.line else ""
    return f"{line}{problem.message}" + (f" `{problem.statement}`" if problem.statement else "")


def _help(problem: Problem) -> str:
    if problem.at_stake:
        return f"{problem.at_stake}. {problem.help}."
    return problem.help or ""
