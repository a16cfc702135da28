"""What the command does, and what it prints."""

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection

from . import routines
from .messages import counted, long_call
from .routines import Reported

ENSURE = "python -m app.partitions ensure"


def ensure(connection: Connection, options: Namespace) -> int:
    """Create what is missing; return 1 if something was left undone."""
    with long_call(connection, "notice", _say):
        done = routines.ensure(connection, options.months_ahead)
    created, moved = counted(done.created, "partition"), counted(done.moved, "row")
    print(f"{created} created, {moved} moved from DEFAULT.")
    if done.failed:
        _say(f"{done.failed} left undone, see above; nothing is lost. Try again: {ENSURE}")
    return int(done.failed > 0)


def retire(connection: Connection, options: Namespace) -> int:
    """Retire old months, or only list them; return 1 if one could not be."""
    if options.dry_run:
        rows = routines.retirable(connection, options.older_than)
        _print_table(
            ("partition", "month", "rows", "size"),
            ((each.partition, f"{each.month:%Y-%m}", each.rows, each.size) for each in rows),
        )
        count = counted(len(rows), "partition")
        print(f"{count} would be {'dropped' if options.drop else 'archived'}.")
        return 0
    with long_call(connection, "notice", _say):
        done = routines.retire(connection, options.older_than, drop=options.drop)
    count = counted(done.retired, "partition")
    print(f"{count} {'dropped' if options.drop else 'moved to archive'}.")
    if done.failed:
        failed = counted(done.failed, "partition")
        _say(f"{failed} not, see above: nothing was changed there. Run the command again.")
    return int(done.failed > 0)


def report(connection: Connection, options: Namespace) -> int:
    """List the partitioned tables; return 1 if something is wrong with one, or there is none."""
    tables = routines.report(connection)
    if not tables:
        print("No table is partitioned by time: there is nothing to report.")
        return 1
    _print_table(
        ("table", "partitions", "from", "to", "rows", "size", "DEFAULT", "gaps", "ahead"),
        (
            (
                each.parent,
                each.partitions,
                f"{each.lower_bound:%Y-%m-%d}" if each.lower_bound else "-",
                f"{each.upper_bound:%Y-%m-%d}" if each.upper_bound else "-",
                each.estimated_rows,
                each.size,
                "none" if each.rows_in_default is None else each.rows_in_default,
                len(each.gaps),
                each.months_ahead,
            )
            for each in tables
        ),
    )
    problems = [line for each in tables for line in _problems(each, options.months_ahead)]
    for line in problems:
        print(line)
    return int(bool(problems))


def _problems(table: Reported, months_ahead: int) -> Iterator[str]:
    if table.gaps:
        months = ", ".join(f"{month:%Y-%m}" for month in table.gaps)
        yield f"{table.parent}: no partition for {months}"
    if table.rows_in_default is None:
        yield f"{table.parent}: no DEFAULT partition: an insert outside the months fails"
    if table.rows_in_default:
        them = "it" if table.rows_in_default == 1 else "them"
        rows = counted(table.rows_in_default, "row")
        yield f"{table.parent}: {rows} in DEFAULT; move {them}: {ENSURE}"
    if table.months_ahead < months_ahead:
        yield (
            f"{table.parent}: {counted(table.months_ahead, 'month')} ahead, not {months_ahead}; "
            f"create them: {ENSURE} --months-ahead {months_ahead}"
        )


def _print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = [header, *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(map(str.ljust, line, widths)).rstrip())


def _say(message: str) -> None:
    print(message, file=sys.stderr)
