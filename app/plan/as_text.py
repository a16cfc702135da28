"""The plan for people at a terminal, 100 columns wide."""

from collections.abc import Iterator
from textwrap import fill

from . import phrases
from .report import Misfits, Plan, Revision, Statement

WIDTH = 100
# What stands out to the left.
BLOCKS, MISFITS = "BLOCKS", "MISFITS"
_INDENT = " " * (len(MISFITS) + 1)


def as_text(plan: Plan) -> str:
    """Return ``plan`` as text."""
    if not plan.revisions:
        return phrases.nothing_to_do(plan)
    heading = fill(phrases.heading(plan), WIDTH, break_long_words=False, break_on_hyphens=False)
    revisions = (_revision(plan, each) for each in plan.revisions)
    return "\n\n".join((heading, *revisions, phrases.summary(plan)))


def _revision(plan: Plan, revision: Revision) -> str:
    lines = [f"{revision.id:<{len(_INDENT)}}{revision.title}"]
    quiet = 0
    for statement in revision.statements:
        if phrases.is_quiet(statement):
            quiet += 1
        else:
            lines += _statement(plan, statement)
    if quiet:
        lines.append(f"{_INDENT}{phrases.number(quiet, 'statement')} with nothing to tell")
    for misfits in plan.misfits(revision):
        lines += _misfits(misfits)
    return "\n".join(lines)


def _statement(plan: Plan, statement: Statement) -> Iterator[str]:
    mark = BLOCKS if plan.blocks(statement) else ""
    yield f"{mark:<{len(_INDENT)}}" + phrases.shorten(statement.sql, WIDTH - len(_INDENT))
    for said in phrases.locks(plan, statement):
        yield _item("locks", said)
    for said in phrases.work(plan, statement):
        verb, _, what = said.partition(" ")
        yield _item(verb, what)
    for said in phrases.times(plan, statement):
        yield _item("takes", said)
    for hazard, text in phrases.hazards(plan, statement):
        yield _item("!", f"{text}. {hazard.fix}.")


def _misfits(misfits: Misfits) -> Iterator[str]:
    mark = MISFITS if misfits.found else ""
    yield fill(
        phrases.misfits(misfits),
        WIDTH,
        initial_indent=f"{mark:<{len(_INDENT)}}",
        subsequent_indent=_INDENT,
    )
    if misfits.answer.rows and misfits.question.find:
        yield _item("find", misfits.question.find)


def _item(word: str, text: str) -> str:
    first = f"{_INDENT}  {word:<8} "
    rest = " " * len(first)
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
