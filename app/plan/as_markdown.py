"""The plan for a pull request."""

from collections.abc import Collection, Iterable

from ..command_line.output import as_list, as_table
from ..revisions.hazards import Stake
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


def statements(plan: Plan, revision: Revision, stakes: Collection[Stake] = tuple(Stake)) -> str:
    """Return the table of the statements of ``revision``, with the hazards to those ``stakes``."""
    told = [each for each in revision.statements if not phrases.is_quiet(each)]
    rows = [_statement(plan, each, stakes) for each in told]
    quiet = len(revision.statements) - len(told)
    return "\n\n".join(
        [as_table("markdown", _HEADER, rows)] * bool(told)
        + [f"{phrases.number(quiet, 'statement')} with nothing to tell."] * bool(quiet)
    )


def _revision(plan: Plan, revision: Revision) -> str:
    misfits = [
        f"{'**Misfits:** ' if each.found else ''}{phrases.misfits(each)}"
        + (f": `{each.question.find}`" if each.answer.rows and each.question.find else "")
        for each in plan.misfits(revision)
    ]
    heading = f"### {revision.id} {revision.title}"
    parts = heading, statements(plan, revision), as_list("markdown", misfits)
    return "\n\n".join(filter(None, parts))


def _statement(plan: Plan, statement: Statement, stakes: Collection[Stake]) -> tuple[str, ...]:
    sql = phrases.shorten(statement.sql, WIDTH).replace("`", "'")
    mark = "**Blocks:** " if plan.blocks(statement) else ""
    hazards = [
        f"{text}. {hazard.fix}."
        for hazard, text in phrases.hazards(plan, statement)
        if hazard.stake in stakes
    ]
    work = phrases.work(plan, statement)
    work += [f"takes {each}" for each in phrases.times(plan, statement)]
    cells = (phrases.locks(plan, statement), work, hazards)
    return f"{mark}`{sql}`", *map(_lines, cells)


def _lines(said: Iterable[str]) -> str:
    return "<br>".join(each.replace("<", "&lt;") for each in said)
