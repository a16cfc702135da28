"""How long reading takes on the live server: tried on a part of the rows, told as a range.

The part grows until it takes long enough to be told from chance, and no further than a bound, in
bytes and in seconds. The whole takes as much longer as it is larger. Only what reads is measured:
how fast the server writes cannot be found out without writing.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ..catalog.misfits import Question
from ..server.errors import QUERY_CANCELED, sqlstate
from ..server.parameters import execute_as_is
from ..server.quoting import quote_identifier
from ..server.settings import settings
from .report import Range

MOST_BYTES = 64 * 1024**2
MOST_SECONDS = 2
ENOUGH_SECONDS = 0.5
FIRST_PAGES = 64
PAGE_BYTES = 8192
PLACES = 8
# The real time is hardly ever as far from the guess.
MARGIN = 2.0

# An index has all rows, and the part has not. A rule is validated by one process.
_SETTINGS = {
    "enable_mergejoin": "off",
    "enable_nestloop": "off",
    "max_parallel_workers_per_gather": "0",
    "statement_timeout": f"{MOST_SECONDS}s",
}
_PAGES = text("""
SELECT pg_relation_size(part.oid) / current_setting('block_size')::int
FROM (SELECT relid FROM pg_partition_tree(to_regclass(:name)) WHERE isleaf
      UNION SELECT to_regclass(:name)) AS tree
    JOIN pg_class AS part ON part.oid = tree.relid
WHERE relkind IN ('r', 'm')
""")


@dataclass(frozen=True)
class _Table:
    """A table under its name, and the pages of each of its partitions; its own if it has none."""

    name: str
    pages: tuple[int, ...]

    def part(self, schema: str, share: float) -> tuple[str, int]:
        """Return a query that gives about ``share`` of the rows, and how many pages it reads.

        They come from several places of the table; of partitions, from the beginning of each.
        """
        largest = max(self.pages, default=0)
        places = 1 if share >= 1 or len(self.pages) > 1 else PLACES
        width = largest / places
        ranges = [
            (int(width * place), int(width * place + max(width * min(share, 1), 1)))
            for place in range(places)
        ]
        query = " UNION ALL ".join(
            f"SELECT * FROM {schema}.{self.name} WHERE ctid >= '({low},0)' AND ctid < '({high},0)'"  # noqa: S608
            for low, high in ranges
        )
        return query, sum(
            max(0, min(high, pages) - low) for pages in self.pages for low, high in ranges
        )


def measure(live: Connection, schema: str, asked: Iterable[Question]) -> dict[Question, Range]:
    """Return how long it takes to count what is ``asked``, where that can be tried.

    ``live`` is in autocommit, and works in ``schema``.
    """
    memory = live.exec_driver_sql("SHOW maintenance_work_mem").scalar_one()
    found = {}
    # Foreign keys are validated with as much memory.
    with settings(live, {**_SETTINGS, "work_mem": str(memory)}):
        for question in dict.fromkeys(asked):
            seconds = _guess(live, quote_identifier(schema), question)
            if seconds is not None:
                found[question] = Range(seconds / MARGIN, seconds * MARGIN)
    return found


def _guess(live: Connection, schema: str, question: Question) -> float | None:
    if question.find is None or question.pairs or any("." in name for name in question.tables):
        return None
    try:
        tables = [_Table(name, _pages(live, name)) for name in question.tables]
        return _try(live, schema, question, tables)
    except DBAPIError:
        # What it is about is not there yet, or may not be read: the counting says so.
        return None


def _try(
    live: Connection, schema: str, question: Question, tables: Sequence[_Table]
) -> float | None:
    """Return a guess from the largest part that there is time for; a short one is tried again."""
    total = max(sum(sum(table.pages) for table in tables), 1)
    share = FIRST_PAGES / total
    guess = None
    while True:
        parts = [table.part(schema, share) for table in tables]
        read = max(sum(pages for _, pages in parts), 1)
        shadows = ", ".join(
            f"{table.name} AS NOT MATERIALIZED ({query})"
            for table, (query, _) in zip(tables, parts, strict=True)
        )
        query = f"WITH {shadows} {question.count}"
        # The next part would be twice as large.
        is_last = share >= 1 or 2 * read * PAGE_BYTES > MOST_BYTES
        try:
            took = [_seconds(live, query)]
            while is_last and sum(took) < ENOUGH_SECONDS:
                took.append(_seconds(live, query))
        except DBAPIError as error:
            if sqlstate(error) == QUERY_CANCELED:
                return guess
            raise
        guess = median(took) * total / read
        if is_last or sum(took) >= ENOUGH_SECONDS:
            return guess
        share *= 2


def _seconds(live: Connection, query: str) -> float:
    started = time.perf_counter()
    execute_as_is(live, query)
    return time.perf_counter() - started


def _pages(live: Connection, name: str) -> tuple[int, ...]:
    return tuple(live.execute(_PAGES, {"name": name}).scalars())
