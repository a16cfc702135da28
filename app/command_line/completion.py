"""``creativeflow-schema completion``: print what completes the command in a shell."""

from argparse import ArgumentParser, Namespace

from alembic.config import CommandLine
from alembic.util import CommandError

from ..installation import COMMAND
from . import alembic_options
from .subcommands import SUBCOMMANDS

SHELLS = ("bash", "zsh")
REVISIONS = "head heads base +1 -1"


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = (
        "Print what completes this command in a shell, for its configuration to run."
    )
    parser.epilog = f'Example, a line of ~/.bashrc: eval "$({COMMAND} completion bash)"'
    parser.add_argument("shell", choices=SHELLS)


def run(options: Namespace) -> int:
    """Print the shell's functions.

    Raises:
        CommandError: the library that writes them is not installed.
    """
    try:
        import shtab
    except ModuleNotFoundError as error:
        raise CommandError(
            "What writes the completion is not installed.\nInstall it: pip install shtab"
        ) from error
    print(shtab.complete(_all_commands(shtab.cmd(f"echo {REVISIONS}")), options.shell))
    return 0


def _all_commands(revisions: object) -> ArgumentParser:
    """Return one parser of all commands, to be looked at, where ``revisions`` completes those."""
    line = CommandLine(COMMAND)
    # Ours in the place of Alembic's own, which do not say that -c takes a file.
    line.parser.conflict_handler = "resolve"
    alembic_options.add_to(line.parser)
    for parser in line.subparsers.choices.values():
        alembic_options.add_to(parser)
        for action in parser._actions:
            if action.dest in ("revision", "revisions"):
                action.complete = revisions  # type: ignore[attr-defined]
    for own in SUBCOMMANDS.values():
        own.load().configure(line.subparsers.add_parser(own.name, help=own.summary))
    return line.parser
