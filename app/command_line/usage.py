"""The help of the whole command: one screen."""

from textwrap import fill

from ..installation import COMMAND
from .passing_through import names
from .subcommands import SUBCOMMANDS

_USAGE = """\
usage: {command} [OPTION ...] COMMAND ...

The PostgreSQL schema of CreativeFlow AI. The project's own commands:
{own}
{alembic}

Options, in front of the command or behind it:
  -x KEY=VALUE    url=postgresql://user@host/dbname, schema=..., lock_timeout=5s
  -n SECTION      the section of alembic.ini to use
  -c FILE         another configuration file than the project's alembic.ini
  -q, --raiseerr  say less; show the traceback of an error
  -h, --version   behind a command, -h says what it takes
The database is that of -x url=, DATABASE_URL, alembic.ini, the embedded server:
the first that is set. Example: {command} upgrade head"""


def usage() -> str:
    """Return the help, of no more than 24 lines of 80 columns."""
    return _USAGE.format(
        command=COMMAND,
        own="\n".join(f"  {each.name:<12} {each.summary}" for each in SUBCOMMANDS.values()),
        alembic=fill(f"Alembic's: {', '.join(names())}", 80, subsequent_indent="  "),
    )
