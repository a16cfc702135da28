"""``creativeflow-schema sample-data``: fill an empty database with a believable platform."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from ..command_line.database import open_database
from ..installation import COMMAND
from ..server.errors import in_full


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = "Fill a database without rows with users and what they made in 24 months."
    parser.epilog = f"Example, about 140,000 rows: {COMMAND} sample-data --users 1000"
    parser.add_argument(
        "--users", type=_positive, default=1_000, metavar="N", help="how many (default: 1000)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="other rows for another (default: 1)"
    )
    parser.add_argument(
        "--until",
        type=_day,
        default=None,
        metavar="YYYY-MM-DD",
        help="the last day (default: today)",
    )


def run(options: Namespace) -> int:
    """Fill the database; return 0.

    Raises:
        CommandError: it has rows, has not this schema, or refuses them.
    """
    from .loading import load, make_months, require_empty
    from .platform import make_platform

    started = monotonic()
    now = options.until or datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with open_database(options) as connection:
        try:
            require_empty(connection)
            made = make_platform(options.users, options.seed, now)
            make_months(connection, now)
            with _progress(options.users, quiet=options.quiet) as told:
                total = load(connection, made, told)
        except DBAPIError as error:
            raise CommandError(f"{in_full(error)}\nNo rows were added.") from error
    print(f"{total:,} rows of {options.users:,} users in {monotonic() - started:.0f} s.")
    return 0


@contextmanager
def _progress(users: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how far it is; give what is told so."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("users"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=users)
        yield lambda done: progress.update(task, completed=done)


def _positive(value: str) -> int:
    if not value.isdecimal() or not int(value):
        raise ArgumentTypeError(f"{value!r} is no number of users")
    return int(value)


def _day(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ArgumentTypeError(f"{value!r} is no day such as 2026-11-25") from None
