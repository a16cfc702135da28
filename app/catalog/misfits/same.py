"""CHECKs that print otherwise and say the same: PostgreSQL made them anew for another type."""

from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ...server.parameters import execute_as_is
from ...server.quoting import quote_identifier
from ..snapshot import Snapshot, search_path
from .question import Question
from .questions import questions

_PROBE = "probe_of_a_rule_that_was"
_PRINTED = f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{_PROBE}'"  # noqa: S608


def really_asked(
    scratch: Connection, schema: str, before: Snapshot, after: Snapshot
) -> list[Question]:
    """Return the questions as :func:`questions` does, but for CHECKs that say what they said.

    ``scratch`` is no live database: the old text of such CHECKs is tried there.
    """
    asked = questions(scratch, schema, before, after)
    with search_path(scratch, schema):
        return [
            question
            for question in asked
            if question.rule not in before
            or question.rule.kind != "check constraint"
            or after[question.rule]
            not in _printed(scratch, question.rule.table or "", before[question.rule])
        ]


def _printed(scratch: Connection, table: str, definition: str) -> Iterator[str]:
    """Yield how a CHECK prints on ``table`` that is made from its ``definition``."""
    savepoint = scratch.begin_nested()
    try:
        made = f"ALTER TABLE {quote_identifier(table)} ADD CONSTRAINT {_PROBE} {definition}"
        execute_as_is(scratch, made)
        yield str(scratch.exec_driver_sql(_PRINTED).scalars().first())
    except DBAPIError:
        return
    finally:
        savepoint.rollback()
