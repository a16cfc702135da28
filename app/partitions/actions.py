"""What the command does, and what it prints."""

import sys
from argparse import Namespace
from collections.abc import Iterator

from sqlalchemy import Connection

from ..command_line.output import as_json, as_list, as_table, in_order
from . import routines
from .messages import ENSURE, counted, long_call
from .routines import Reported, Retirable


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
        _list_retirable(routines.retirable(connection, options.older_than), options)
        return 0
    with long_call(connection, "notice", _say):
        done = routines.retire(connection, options.older_than, drop=options.drop)
    count = counted(done.retired, "partition")
    print(f"{count} {'dropped' if options.drop else 'moved to archive'}.")
    if done.failed:
        failed = counted(done.failed, "partition")
        _say(f"{failed} not, see above: nothing was changed there. Run the command again.")
    return int(done.failed > 0)


def _list_retirable(found: list[Retirable], options: Namespace) -> None:
    outcome = "dropped" if options.drop else "archived"
    if options.format == "json":
        print(as_json({"would_be": outcome, "partitions": [_retirable(each) for each in found]}))
        return
    rows = [(each.partition, f"{each.month:%Y-%m}", each.rows, each.size) for each in found]
    table = as_table(options.format, ("partition", "month", "rows", "size"), rows)
    print(
        in_order(options.format, table, f"{counted(len(found), 'partition')} would be {outcome}.")
    )


def _retirable(found: Retirable) -> dict[str, object]:
    return {
        "table": found.parent,
        "partition": found.partition,
        "month": found.month,
        "rows": found.rows,
        "bytes": found.total_bytes,
    }


def report(connection: Connection, options: Namespace) -> int:
    """List the partitioned tables; return 1 if something is wrong with one, or there is none."""
    tables = routines.report(connection)
    problems = [line for each in tables for line in _problems(each, options.months_ahead)]
    if not tables:
        problems = ["No table is partitioned by time: there is nothing to report."]
    if options.format == "json":
        print(as_json({"tables": [_in_numbers(each) for each in tables], "problems": problems}))
    else:
        rows = [_in_words(each) for each in tables]
        table = as_table(options.format, _REPORT, rows) if tables else ""
        print(in_order(options.format, table, as_list(options.format, problems)))
    return int(bool(problems))


_REPORT = ("table", "partitions", "from", "to", "rows", "size", "DEFAULT", "gaps", "ahead")


def _in_words(table: Reported) -> tuple[object, ...]:
    return (
        table.parent,
        table.partitions,
        f"{table.lower_bound:%Y-%m-%d}" if table.lower_bound else "-",
        f"{table.upper_bound:%Y-%m-%d}" if table.upper_bound else "-",
        table.estimated_rows,
        table.size,
        "none" if table.rows_in_default is None else table.rows_in_default,
        len(table.gaps),
        table.months_ahead,
    )


def _in_numbers(table: Reported) -> dict[str, object]:
    return {
        "table": table.parent,
        "partitions": table.partitions,
        "from": table.lower_bound and table.lower_bound.date(),
        "to": table.upper_bound and table.upper_bound.date(),
        "estimated_rows": table.estimated_rows,
        "bytes": table.total_bytes,
        "rows_in_default": table.rows_in_default,
        "gaps": table.gaps,
        "months_ahead": table.months_ahead,
    }


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


def _say(message: str) -> None:
    print(message, file=sys.stderr)
