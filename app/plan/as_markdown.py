"""The plan for a pull request."""

from collections.abc import Iterable

from ..command_line.output import as_list, as_table
from . import phrases
from .report import Plan, Revision, Statement

WIDTH = 120
_HEADER = ("Statement", "Locks", "Rows", "Look at")


def as_markdown(plan: Plan) -> str:
    """Return ``plan`` as Markdown."""
    if not plan.revisions:
        return phrases.nothing_to_do(plan)
    revisions = (_revision(plan, each) for each in plan.revisions)
    return "\n\n".join((f"## {phrases.heading(plan)}", *revisions, phrases.summary(plan)))


def _revision(plan: Plan, revision: Revision) -> str:
    told = [each for each in revision.statements if not phrases.is_quiet(each)]
    quiet = len(revision.statements) - len(told)
    parts = [f"### {revision.id} {revision.title}"]
    if told:
        rows = [_statement(plan, each) for each in told]
        parts.append(as_table("markdown", _HEADER, rows))
    if quiet:
        parts.append(f"{phrases.number(quiet, 'statement')} with nothing to tell.")
    misfits = [
        f"{'**Misfits:** ' if each.found else ''}{phrases.misfits(each)}"
        + (f": `{each.question.find}`" if each.answer.rows and each.question.find else "")
        for each in plan.misfits(revision)
    ]
    if misfits:
        parts.append(as_list("markdown", misfits))
    return "\n\n".join(parts)


def _statement(plan: Plan, statement: Statement) -> tuple[str, ...]:
    sql = phrases.shorten(statement.sql, WIDTH).replace("`", "'")
    mark = "**Blocks:** " if plan.blocks(statement) else ""
    hazards = [f"{text}. {hazard.fix}." for hazard, text in phrases.hazards(plan, statement)]
    work = phrases.work(plan, statement)
    work += [f"takes {each}" for each in phrases.times(plan, statement)]
    cells = (phrases.locks(plan, statement), work, hazards)
    return f"{mark}`{sql}`", *map(_lines, cells)


def _lines(said: Iterable[str]) -> str:
    return "<br>".join(each.replace("<", "&lt;") for each in said)
