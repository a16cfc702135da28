"""Rows into the database, all or none: the months first, then COPY, then what closes circles."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import StringIO
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, text

from ..installation import typed
from .platform import MONTHS, beginning
from .rows import COLUMNS, TABLES, Batch

_MAKE_MONTHS = text("CALL ensure_partitions(:months, :since, 0, 0, 0::bigint, 0)")
_CIRCLES = (
    # The trigger stamps now() on what does not say otherwise.
    """\
UPDATE generation_requests AS request
SET selected_sample_id = selected, final_asset_id = final,
    updated_at = updated_at + interval '1 minute'
FROM sample_choices WHERE id = request""",
    """\
UPDATE ai_model_versions AS version
SET validation_result_id = result, updated_at = updated_at + interval '1 day'
FROM sample_validations WHERE id = sample_validations.version""",
)


def require_empty(connection: Connection) -> None:
    """Refuse a database that has rows, or that is not at this schema.

    Raises:
        CommandError: so it is; it says what there is.
    """
    missing = [
        table for table in TABLES if not _ask(connection, f"to_regclass('{table}') IS NOT NULL")
    ]
    if missing:
        raise CommandError(
            f"The database has no table {missing[0]}.\n"
            f"Nothing was changed. First: {typed('upgrade head')}"
        )
    filled = [table for table in TABLES if _ask(connection, f"EXISTS (SELECT FROM {table})")]
    if filled:
        raise CommandError(
            f"The database has rows already, in {', '.join(filled[:3])}"
            f"{f' and {len(filled) - 3} more tables' if len(filled) > 3 else ''}.\n"
            "Nothing was changed. Sample data goes into a database without rows, such as: "
            "createdb sample"
        )


def _ask(connection: Connection, condition: str) -> bool:
    return bool(connection.exec_driver_sql(f"SELECT {condition}").scalar_one())


def make_months(connection: Connection, now: datetime) -> None:
    """Make the partitions of all months that rows are of, and of the next ones."""
    connection.execute(_MAKE_MONTHS, {"months": MONTHS + 2, "since": beginning(now)})


def load(connection: Connection, batches: Iterator[Batch], told: Callable[[int], None]) -> int:
    """Copy all rows in one transaction; return how many. ``told`` gets the number of users done."""
    total = 0
    connection.exec_driver_sql("BEGIN")
    try:
        for name in set(COLUMNS).difference(TABLES):
            columns = ", ".join(f"{column} uuid" for column in COLUMNS[name])
            connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
        for batch in _one_ahead(batches):
            for table, text in batch.texts:
                _copy(connection, table, text)
            total += batch.rows
            told(batch.users)
        for statement in _CIRCLES:
            connection.exec_driver_sql(statement)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("ANALYZE")
    return total


def _one_ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Yield the batches; the next one is made while PostgreSQL takes the one before."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = thread.submit(next, batches, None)
            yield batch


def _copy(connection: Connection, table: str, rows: str) -> None:
    columns = ", ".join(f'"{column}"' for column in COLUMNS[table])
    statement = f"COPY {table} ({columns}) FROM STDIN"
    cursor: Any = connection.connection.cursor()
    with cursor:
        if hasattr(cursor, "copy_expert"):  # psycopg2
            cursor.copy_expert(statement, StringIO(rows))
        else:
            with cursor.copy(statement) as copy:
                copy.write(rows)
