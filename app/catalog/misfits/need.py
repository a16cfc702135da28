"""Which questions the rows have to be asked, and whether they can be before anything changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ...server.errors import INSUFFICIENT_PRIVILEGE, sqlstate
from ..definitions import INVALID, UNCHECKED
from ..snapshot import Snapshot, search_path
from .planner import explain, gives_nothing, is_served
from .question import Question
from .questions import questions

_OWNERS = ("table", "column", "domain", "type")
_SETTINGS = ("SET LOCAL constraint_exclusion = on", "SET LOCAL enable_seqscan = off")
# Of names and types that are not there, and of values that a type does not have.
_NOT_YET = ("42", "22")


@dataclass(frozen=True)
class Needed:
    """A question that must be asked before its rule comes.

    ``at_once``: the rows can be asked as they are, before anything else comes.
    """

    question: Question
    at_once: bool


def needed(
    connection: Connection, schema: str, there: Snapshot, asked: Sequence[Question]
) -> list[Needed]:
    """Return those of ``asked`` that nothing in ``schema`` answers already.

    ``schema`` is as ``there`` says, the rules that are asked about have not come. Nothing is to be
    asked where the planner proves that no row breaks the rule, where a rule in force asks the same,
    or where each row would have to be compared with all others.
    """
    if not asked:
        return []
    with search_path(connection, schema):
        in_force = {
            question.find for question in questions(connection, schema, _bare(there), _valid(there))
        }
        return [
            Needed(question, at_once)
            for question in asked
            if question.find is not None and question.find not in in_force
            for at_once in _ask(connection, question)
        ]


def _ask(connection: Connection, question: Question) -> Iterator[bool]:
    """Yield whether ``question`` can be asked at once; nothing if it need not, or must not be."""
    savepoint = connection.begin_nested()
    try:
        for setting in _SETTINGS:
            connection.exec_driver_sql(setting)
        plan = explain(connection, question.find or "")
        if question.pairs and not is_served(plan):
            return
        # A partitioned table without partitions needs no table to be read, whatever is asked.
        if gives_nothing(plan) and not any(
            gives_nothing(explain(connection, f"SELECT FROM {table}")) for table in question.tables
        ):
            return
        yield True
    except DBAPIError as error:
        state = sqlstate(error) or ""
        yield not state.startswith(_NOT_YET) or state == INSUFFICIENT_PRIVILEGE
    finally:
        savepoint.rollback()


def _bare(there: Snapshot) -> Snapshot:
    """Return what rules are about, without the rules."""
    return {identity: text for identity, text in there.items() if identity.kind in _OWNERS}


def _valid(there: Snapshot) -> Snapshot:
    return {i: text for i, text in there.items() if not text.endswith((*UNCHECKED, INVALID))}
