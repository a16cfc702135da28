"""The plan for people at a terminal, 100 columns wide."""

from collections.abc import Iterator
from textwrap import fill

from . import phrases
from .report import Plan, Revision, Statement, told

WIDTH = 100
BLOCKS = "BLOCKS"
_INDENT = " " * (len(BLOCKS) + 2)


def as_text(plan: Plan) -> str:
    """Return ``plan`` as text."""
    if not plan.revisions:
        return f"{_where(plan)}at {plan.start}, nothing to do"
    revisions = (_revision(plan, each) for each in plan.revisions)
    heading = fill(_heading(plan), WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n\n".join((heading, *revisions, summary(plan)))


def _heading(plan: Plan) -> str:
    count = len(plan.revisions)
    return f"{_where(plan)}{plan.start} to {plan.end}, {count} revision{'' if count == 1 else 's'}"


def summary(plan: Plan) -> str:
    """Return in one line what must not go by unseen."""
    blocking = sum(plan.blocks(each) for some in plan.revisions for each in some.statements)
    if not plan.sizes:
        return "No database was looked at: how many rows there are is not known."
    if not blocking:
        return f"Nothing keeps others waiting while it goes through more than {plan.small:,} rows."
    noun = "statement keeps" if blocking == 1 else "statements keep"
    return f"{blocking} {noun} others waiting while going through more than {plan.small:,} rows."


def _where(plan: Plan) -> str:
    return f"{plan.where}: " if plan.where else ""


def _revision(plan: Plan, revision: Revision) -> str:
    lines = [f"{revision.id:<{len(_INDENT)}}{revision.title}"]
    quiet = 0
    for statement in revision.statements:
        if phrases.is_quiet(statement):
            quiet += 1
        else:
            lines += _statement(plan, statement)
    if quiet:
        noun = "statement" if quiet == 1 else "statements"
        lines.append(f"{_INDENT}{quiet} {noun} of which there is nothing to tell")
    return "\n".join(lines)


def _statement(plan: Plan, statement: Statement) -> Iterator[str]:
    mark = BLOCKS if plan.blocks(statement) else ""
    yield f"{mark:<{len(_INDENT)}}" + phrases.shorten(statement.sql, WIDTH - len(_INDENT))
    for said in phrases.locks(plan, statement):
        yield _item("locks", said)
    for said in phrases.work(plan, statement):
        verb, _, what = said.partition(" ")
        yield _item(verb, what)
    for hazard, text in map(told, statement.hazards):
        yield _item("!", f"{text}. {hazard.fix}.")


def _item(word: str, text: str) -> str:
    first = f"{_INDENT}  {word:<8} "
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
