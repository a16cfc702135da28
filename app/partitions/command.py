"""``creativeflow-schema partitions``: ensure, retire or report monthly partitions."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..command_line import alembic_options
from ..command_line.database import open_database
from ..command_line.output import add_format
from ..installation import COMMAND
from ..server.errors import INVALID_INTERVAL, in_words, sqlstate
from . import actions, routines
from .routines import DEFAULT_MONTHS_AHEAD, DEFAULT_MOST_ROWS


def configure(parser: ArgumentParser) -> None:
    """Add the actions to ``parser``."""
    parser.description = "Look after the monthly partitions."
    parser.epilog = f"Example: {COMMAND} partitions report"
    commands = parser.add_subparsers(required=True, metavar="ACTION")

    def add(name: str, summary: str, example: str, required: str = "") -> ArgumentParser:
        added: ArgumentParser = commands.add_parser(
            name,
            usage=f"%(prog)s {required}[OPTION ...]",
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=f"Example: {COMMAND} partitions {example}",
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        alembic_options.add_to(added)
        return added

    ensure = add("ensure", "create what is missing, empty the DEFAULTs", "ensure --months-ahead 6")
    ensure.set_defaults(run=actions.ensure, routine=routines.ENSURE)
    ensure.add_argument(
        "--most-rows", type=_rows, default=DEFAULT_MOST_ROWS, metavar="N",
        help=f"leave the rows of a month with more in DEFAULT (default: {DEFAULT_MOST_ROWS})",
    )  # fmt: skip
    retire = add(
        "retire",
        "move old months to the schema archive, or drop them",
        "retire --older-than '2 years' --dry-run",
        required="--older-than INTERVAL ",
    )
    retire.set_defaults(run=actions.retire, routine=routines.RETIRE)
    retire.add_argument(
        "--older-than", required=True, metavar="INTERVAL",
        help="how long to keep, a month at least: '24 months'",
    )  # fmt: skip
    retire.add_argument("--drop", action="store_true", help="drop instead of keeping them")
    retire.add_argument("--dry-run", action="store_true", help="only list what would be retired")
    report = add("report", "list what there is and what is wrong with it", "report --format json")
    report.set_defaults(run=actions.report, routine=routines.REPORT)
    for each in (ensure, report):
        each.add_argument(
            "--months-ahead", type=_months, default=DEFAULT_MONTHS_AHEAD, metavar="N",
            help=f"how many months after this one (default: {DEFAULT_MONTHS_AHEAD})",
        )  # fmt: skip
    for each in (retire, report):
        add_format(each)


def run(options: Namespace) -> int:
    """Run the action; return 1 if something needs attention.

    Raises:
        CommandError: the database cannot be used, or refuses.
    """
    with open_database(options) as connection:
        _require(connection, options.routine)
        try:
            return int(options.run(connection, options))
        except DBAPIError as error:
            raise CommandError(_explain(error)) from error


def _months(value: str) -> int:
    if not value.isdecimal() or int(value) > 1_200:
        raise ArgumentTypeError(f"{value!r} is no number from 0 to 1200")
    return int(value)


def _rows(value: str) -> int:
    if not value.isdecimal() or int(value) >= 2**31:
        raise ArgumentTypeError(f"{value!r} is no number from 0 to {2**31 - 1}")
    return int(value)


def _require(connection: Connection, routine: str) -> None:
    schema = routines.schema_of(connection)
    if not routines.exist(connection):
        raise CommandError(
            f"The schema {schema} has no routines for partitions: it is at an older revision.\n"
            f"Nothing was changed. Bring it to the newest first: {COMMAND} upgrade head"
        )
    if not routines.has(connection, routine):
        name = routine.partition("(")[0]
        raise CommandError(
            f"The schema {schema} has no {name}: its partitions are left to something else.\n"
            f"Nothing was changed. Ask: {COMMAND} partitions report"
        )


def _explain(error: DBAPIError) -> str:
    said = in_words(error)
    if sqlstate(error) == INVALID_INTERVAL:
        said += "\nNothing was changed. Write it like --older-than '24 months'."
    return said
