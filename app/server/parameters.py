"""SQL that is executed as it is, and parameters written ``%s``, for asyncpg too."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import Connection, CursorResult, event


def execute_as_is(connection: Connection, sql: str, **options: Any) -> CursorResult[Any]:
    """Execute ``sql``, which has no parameters, whatever percent signs are in it."""
    return connection.exec_driver_sql(sql, execution_options={"no_parameters": True, **options})


@contextmanager
def percent_parameters(connection: Connection) -> Iterator[None]:
    """Let SQL that ``connection`` executes as it is name its parameters ``%s``.

    psycopg and psycopg2 know no other way; asyncpg wants ``$1``, ``$2``, …
    """
    if connection.dialect.paramstyle != "numeric_dollar":
        yield
        return
    event.listen(connection, "before_cursor_execute", _number, retval=True)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", _number)


def _number(
    _connection: Connection,
    _cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    _executemany: bool,
) -> tuple[str, Any]:
    if context.compiled is None and parameters:
        numbers = count(1)
        statement = re.sub(
            "%([s%])",
            lambda found: f"${next(numbers)}" if found[1] == "s" else "%",
            statement,
        )
    return statement, parameters
