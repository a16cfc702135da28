"""``creativeflow-schema``, also ``python -m app``: the project's own commands, and Alembic's."""

import sys
from argparse import REMAINDER, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence

from .command_line import alembic_options
from .command_line.subcommands import SUBCOMMANDS, Subcommand
from .installation import COMMAND, version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code.

    For the project's own commands that is 0 if there is nothing to mend, 1 if something was found,
    2 if it could not look. For Alembic's it is Alembic's.
    """
    parser = ArgumentParser(
        prog=COMMAND, usage=f"{COMMAND} [OPTION ...] COMMAND ...", add_help=False
    )
    alembic_options.add_to(parser)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("command", nargs="?")
    parser.add_argument("rest", nargs=REMAINDER)
    front = parser.parse_args(arguments)
    command, rest, wants_help, wants_version = (
        vars(front).pop(name) for name in ("command", "rest", "help", "version")
    )
    if wants_version:
        print(version())
        return 0
    if wants_help or command is None:
        from .command_line.usage import usage

        print(usage(), file=sys.stdout if wants_help else sys.stderr)
        return 0 if wants_help else 2
    if own := SUBCOMMANDS.get(command):
        return _run(own, front, rest)
    from .command_line import passing_through

    return passing_through.run(command, front, rest)


def _run(subcommand: Subcommand, front: Namespace, rest: Sequence[str]) -> int:
    parser = ArgumentParser(
        prog=f"{COMMAND} {subcommand.name}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module = subcommand.load()
    module.configure(parser)
    behind, rest = alembic_options.take(rest)
    options = alembic_options.merge(front, behind, parser.parse_args(rest))
    try:
        return module.run(options)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except Exception as error:
        from alembic.util import CommandError

        if options.raiseerr or not isinstance(error, CommandError):
            raise
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
