"""``python -m app.partitions``: ensure, retire or report monthly partitions.

Exits with 0 if all is well, with 1 if something needs attention, with 2 if the command failed.
"""

import argparse
import logging
import sys
from collections.abc import Sequence

from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..server.connection import connect, require_usable, schema_name
from ..server.errors import INVALID_INTERVAL, in_words, sqlstate
from ..server.url import find_database_url
from . import actions, routines
from .routines import DEFAULT_MONTHS_AHEAD

COMMAND = "python -m app.partitions"

log = logging.getLogger("alembic.env")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    log.setLevel(logging.INFO)
    config = Config(options.config, ini_section=options.name)
    x_arguments = dict(each.partition("=")[::2] for each in options.x)
    schema = schema_name(x_arguments)
    try:
        with connect(find_database_url(config, x_arguments), schema) as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            log.info(require_usable(connection, schema))
            _require_routines(connection, schema)
            return int(options.run(connection, options))
    except CommandError as error:
        print(error, file=sys.stderr)
    except DBAPIError as error:
        print(_explain(error), file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Look after the monthly partitions.", allow_abbrev=False
    )
    parser.add_argument("-x", action="append", default=[], metavar="KEY=VALUE", help="url, schema")
    parser.add_argument("-n", "--name", default="alembic", help="section of alembic.ini")
    parser.add_argument("-c", "--config", default="alembic.ini", help="default: alembic.ini")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ensure = commands.add_parser("ensure", help="create what is missing, empty the DEFAULTs")
    ensure.set_defaults(run=actions.ensure)
    retire = commands.add_parser("retire", help="move old months to the schema archive, or drop")
    retire.set_defaults(run=actions.retire)
    retire.add_argument(
        "--older-than", required=True, metavar="INTERVAL",
        help="how long to keep, a month at least: '24 months'",
    )  # fmt: skip
    retire.add_argument("--drop", action="store_true", help="drop instead of keeping them")
    retire.add_argument("--dry-run", action="store_true", help="only list what would be retired")
    report = commands.add_parser("report", help="list what there is and what is wrong with it")
    report.set_defaults(run=actions.report)
    for each in (ensure, report):
        each.add_argument(
            "--months-ahead", type=_months, default=DEFAULT_MONTHS_AHEAD, metavar="N",
            help=f"how many months after this one (default: {DEFAULT_MONTHS_AHEAD})",
        )  # fmt: skip
    return parser


def _months(value: str) -> int:
    if not value.isdecimal() or int(value) > 1_200:
        raise argparse.ArgumentTypeError(f"{value!r} is no number from 0 to 1200")
    return int(value)


def _require_routines(connection: Connection, schema: str) -> None:
    if not routines.exist(connection):
        raise CommandError(
            f"The schema {schema!r} has no routines for partitions: it is at an older revision.\n"
            "Nothing was changed. Bring it to the newest first: alembic upgrade head"
        )


def _explain(error: DBAPIError) -> str:
    said = in_words(error)
    if sqlstate(error) == INVALID_INTERVAL:
        said += "\nNothing was changed. Write it like --older-than '24 months'."
    return said


if __name__ == "__main__":
    sys.exit(main())
