"""The guard that asks a question when a revision runs."""

from ..catalog.misfits import Question
from ..revisions.guards import GuardOp


def guard_of(question: Question) -> GuardOp:
    """Return the guard that asks ``question``, which has a query."""
    rule, find = str(question.rule), question.find or ""
    return GuardOp(rule, question.misfits, find, question.fix, question.number)
