"""What the command does, and what it prints."""

import sys
from argparse import Namespace

from alembic.util import CommandError
from sqlalchemy import Connection

from ..command_line.output import as_json, as_list, as_table, in_order
from . import routines
from .findings import find, left_alone
from .messages import ENSURE, counted, long_call
from .routines import Reported, Retirable


def ensure(connection: Connection, options: Namespace) -> int:
    """Create what is missing; return 1 if something was left undone."""
    with long_call(connection, "notice", _say, at_once=True):
        done = routines.ensure(connection, options.months_ahead, options.most_rows)
    created, moved = counted(done.created, "partition"), counted(done.moved, "row")
    print(f"{created} created, {moved} moved from DEFAULT.")
    if done.failed:
        _say(f"{done.failed} left undone, see above; nothing is lost. Try again: {ENSURE}")
    return int(done.failed > 0)


def retire(connection: Connection, options: Namespace) -> int:
    """Retire old months, or only list them; return 1 if one could not be."""
    if options.dry_run:
        for table in routines.skipped(connection):
            _say(left_alone(table))
        _list_retirable(routines.retirable(connection, options.older_than), options)
        return 0
    if options.format != "text":
        raise CommandError("--format is for --dry-run.\nNothing was retired.")
    with long_call(connection, "notice", _say, at_once=True):
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
    rows = [
        (
            each.partition,
            routines.month_of(each.month),
            "?" if each.rows is None else each.rows,
            each.size,
        )
        for each in found
    ]
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
    tables, gaps = routines.report(connection), routines.gaps(connection)
    found = find(connection, tables, gaps, options.months_ahead)
    if options.format == "json":
        content = {"tables": [_in_numbers(each) for each in tables], **found._asdict()}
        print(as_json(content))
    else:
        missing = {
            table.parent: sum(gap.months for gap in gaps if gap.parent == table.parent)
            for table in tables
        }
        rows = [_in_words(each, missing[each.parent]) for each in tables]
        table = as_table(options.format, _REPORT, rows) if tables else ""
        lines = as_list(options.format, [*found.problems, *found.notes])
        print(in_order(options.format, table, lines))
    return int(bool(found.problems))


_REPORT = ("table", "partitions", "from", "to", "rows", "size", "DEFAULT", "gaps", "ahead")


def _in_words(table: Reported, gaps: int) -> tuple[object, ...]:
    return (
        table.parent,
        table.partitions,
        table.lower_bound or "-",
        table.upper_bound or "-",
        table.estimated_rows,
        table.size,
        "none" if table.rows_in_default is None else table.rows_in_default,
        gaps,
        table.months_ahead,
    )


def _in_numbers(table: Reported) -> dict[str, object]:
    return {
        "table": table.parent,
        "partitions": table.partitions,
        "from": table.lower_bound,
        "to": table.upper_bound,
        "estimated_rows": table.estimated_rows,
        "bytes": table.total_bytes,
        "rows_in_default": table.rows_in_default,
        "gaps": table.gaps,
        "months_ahead": table.months_ahead,
    }


def _say(message: str) -> None:
    print(message, file=sys.stderr)
