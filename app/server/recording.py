"""A connection that takes DDL down where others run it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import DDL, Dialect, TextClause

from ..compat import MockConnection


@dataclass(frozen=True)
class Recorded:
    """A statement; ``by_handler`` if a handler of a DDL event sent it, and SQLAlchemy did not."""

    sql: str
    by_handler: bool


class _Recorder(MockConnection):
    """Takes statements down, those of handlers of DDL events too."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect, self._take)
        self.taken: list[Recorded] = []

    def _take(self, element: Any, *_: object, **__: object) -> None:
        sql = str(element.compile(dialect=self.dialect))
        self.taken.append(Recorded(sql, isinstance(element, DDL | TextClause)))

    def exec_driver_sql(self, statement: str, *_: object) -> None:
        """Take a statement that a handler sends as a string."""
        self.taken.append(Recorded(statement, by_handler=True))


def record(create: Callable[..., object], dialect: Dialect, **how: object) -> list[Recorded]:
    """Return the statements that ``create`` runs: ``create_all`` of a ``MetaData``, for instance.

    ``how`` are arguments of ``create``, which is given a connection that answers no question.
    """
    recorder = _Recorder(dialect)
    create(recorder, checkfirst=False, **how)
    return recorder.taken
