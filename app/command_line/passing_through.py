"""The commands of Alembic, run by Alembic."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from difflib import get_close_matches

from alembic.config import CommandLine

from ..installation import COMMAND
from . import alembic_options
from .failing import tell_once
from .subcommands import SUBCOMMANDS


def names() -> list[str]:
    """Return the names of Alembic's commands."""
    return list(CommandLine(COMMAND).subparsers.choices)


def run(name: str, front: Namespace, rest: Sequence[str]) -> int:
    """Run Alembic's command ``name`` with the options in ``front`` of it and the ``rest``.

    Return 0, or 2 if there is no such command; all other errors Alembic reports and exits with.
    """
    line = CommandLine(COMMAND)
    parser = line.subparsers.choices.get(name)
    if parser is None:
        known = [*SUBCOMMANDS, *line.subparsers.choices]
        meant = " or ".join(get_close_matches(name, known, n=2))
        hint = f" Did you mean {meant}?" if meant else ""
        print(f"There is no command {name!r}.{hint}", file=sys.stderr)
        print(f"List them: {COMMAND} --help", file=sys.stderr)
        return 2
    tell_once()
    alembic_options.add_to(parser)
    options = alembic_options.merge(front, parser.parse_args(rest))
    line.run_cmd(alembic_options.load_config(options), options)
    return 0
