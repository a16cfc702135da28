"""Asking the rows of the live database which of them do not fit."""

import time
from collections.abc import Iterable

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..catalog.misfits import Question
from ..catalog.misfits.planner import explain, is_served
from ..catalog.snapshot import search_path
from ..server.errors import one_line, sqlstate
from ..server.parameters import execute_as_is
from ..server.settings import settings
from .conversions import FOUND
from .report import Answer

# One process, and all rows or an error; the planner proves what it can without reading any.
_SETTINGS = {
    "constraint_exclusion": "on",
    "max_parallel_workers_per_gather": "0",
    "row_security": "off",
}
# A column, function, table or type that there is none of.
_NOT_THERE = ("42703", "42883", "42P01", "42704")


def answers(live: Connection, schema: str, asked: Iterable[Question]) -> dict[Question, Answer]:
    """Return what the rows say, for each question that is ``asked``.

    ``live`` is in autocommit, and reads only.
    """
    found: dict[Question, Answer] = {}
    with search_path(live, schema), settings(live, _SETTINGS):
        for question in asked:
            if question not in found:
                found[question] = _ask(live, question)
    return found


def _ask(live: Connection, question: Question) -> Answer:
    if question.count is None:
        return Answer(None, "no query tells them")
    started = time.monotonic()
    try:
        if question.pairs and not is_served(explain(live, question.count)):
            return Answer(None, "no index serves the query")
        rows = _count(live, question)
    except DBAPIError as error:
        if sqlstate(error) in _NOT_THERE:
            return Answer(None, "what it is about comes with the plan")
        return Answer(None, one_line(error))
    return Answer(rows, seconds=time.monotonic() - started)


def _count(live: Connection, question: Question) -> int:
    result = execute_as_is(live, question.count or "")
    if result.returns_rows:
        return int(result.scalar_one())
    return int(live.exec_driver_sql(f"SELECT current_setting('{FOUND}')").scalar_one())
