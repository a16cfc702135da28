"""The statements that build the models, recorded instead of run."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect, MetaData
from sqlalchemy.engine.mock import MockConnection


class _Recorder(MockConnection):
    """Takes DDL where a connection would run it, also from handlers of DDL events."""

    def __init__(self, dialect: Dialect, statements: list[str]) -> None:
        def note(element: Any, *_: object, **__: object) -> None:
            statements.append(str(element.compile(dialect=dialect)))

        super().__init__(dialect, note)
        self._statements = statements

    def exec_driver_sql(self, statement: str, *_: object) -> None:
        """Take a statement that a handler sends as a string."""
        self._statements.append(statement)


def record(metadata: Sequence[MetaData], dialect: Dialect) -> list[str] | None:
    """Return the statements that build ``metadata``; None where that takes a real connection.

    None also where a model is wrong: building it one statement at a time will tell which.
    """
    statements: list[str] = []
    recorder = _Recorder(dialect, statements)
    try:
        for each in metadata:
            each.create_all(recorder, checkfirst=False)
    except Exception:  # whatever a handler misses in the recorder, it will find in a connection
        return None
    return statements
