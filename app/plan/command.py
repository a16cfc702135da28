"""``creativeflow-schema plan``: what pending revisions will lock, rewrite and scan."""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from ..command_line import alembic_options
from ..command_line.output import add_format
from ..installation import COMMAND, typed
from ..revisions.misfits import SKIP, find_misfits
from ..server.connection import connect, require_usable, schema_name
from ..server.errors import in_full
from ..server.scratch import find_scratch_url
from ..server.url import find_database_url
from .making import Wishes, plan_between, plan_for
from .printing import PRINTED
from .report import SMALL, Plan


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.usage = f"{COMMAND} plan [OPTION ...] [TARGET]"
    parser.description = "Say what the revisions up to TARGET (default: head) will do."
    parser.epilog = f"Example: {COMMAND} plan --format markdown"
    target = parser.add_mutually_exclusive_group()
    target.add_argument("target", nargs="?", metavar="TARGET", help=SUPPRESS)
    target.add_argument("--to", metavar="TARGET", help=SUPPRESS)
    parser.add_argument("--from", dest="start", metavar="REVISION", help="look at no database")
    parser.add_argument(
        "--small", type=_rows, default=SMALL, metavar="ROWS",
        help=f"that few block nobody (default: {SMALL})",
    )  # fmt: skip
    parser.add_argument("--measure", action="store_true", help="try how fast the database reads")
    add_format(parser)
    alembic_options.add_to(parser)


def run(options: Namespace) -> int:
    """Print the plan; return 1 if something in it must be looked at.

    Raises:
        CommandError: the database or the scratch database cannot be used, there is no such
            revision, or one does not run on the scratch database.
    """
    try:
        plan = _make(options)
    except DBAPIError as error:
        raise CommandError(
            f"{in_full(error)}\nThere is no plan, and nothing was changed. For the traceback: "
            + typed("--raiseerr plan")
        ) from error
    print(PRINTED[options.format](plan))
    return int(plan.found)


def _make(options: Namespace) -> Plan:
    config, given = alembic_options.load_config(options), alembic_options.x_arguments(options)
    schema, scratch_url = schema_name(given), find_scratch_url(given)
    count = find_misfits(config, given) != SKIP
    target = options.to or options.target or "head"
    if options.start is not None:
        return plan_between(config, schema, options.start, target, scratch_url)
    database = find_database_url(config, given)
    with connect(database, schema) as live:
        server = database.in_words(require_usable(live, schema))
        wishes = Wishes(options.small, count, options.measure)
        return plan_for(config, live, schema, target, scratch_url, server, wishes)


def _rows(value: str) -> int:
    if not value.isdecimal():
        raise ArgumentTypeError(f"{value!r} is no number of rows")
    return int(value)
