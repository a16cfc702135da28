"""The options that Alembic has in front of its commands, for all commands and behind them, too."""

import os
from argparse import SUPPRESS, Action, ArgumentError, ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..installation import COMMAND, HOME

if TYPE_CHECKING:
    from alembic.config import Config


def add_to(parser: ArgumentParser) -> None:
    """Let ``parser`` take the options; those not given are left out of its result."""
    group = parser.add_argument_group("options of Alembic, in front of the command or behind it")

    def add(*names: str, **how: Any) -> Action:
        try:
            return group.add_argument(*names, default=SUPPRESS, **how)
        except ArgumentError:  # alembic current has a -c of its own
            return group.add_argument(names[-1], default=SUPPRESS, **how)

    add("-x", action="append", metavar="KEY=VALUE", help="url=postgresql://..., schema=...")
    add("-n", "--name", metavar="SECTION", help="the section of alembic.ini to use")
    config = add("-c", "--config", action="append", metavar="FILE", help="another alembic.ini")
    config.complete = "file"  # type: ignore[attr-defined]  # for the completion
    add("--raiseerr", action="store_true", help="show the traceback of an error")
    add("-q", "--quiet", action="store_true", help="say only what is asked for")


def take(arguments: Sequence[str]) -> tuple[Namespace, list[str]]:
    """Return the options that are among ``arguments``, and what is left of these."""
    parser = ArgumentParser(prog=COMMAND, add_help=False, allow_abbrev=False)
    add_to(parser)
    return parser.parse_known_args(arguments)


def merge(*given: Namespace) -> Namespace:
    """Return as one what was given in several places, in their order."""
    merged: dict[str, Any] = {"name": "alembic", "raiseerr": False, "quiet": False}
    for each in given:
        merged |= vars(each)
    for name in ("x", "config"):
        merged[name] = [value for each in given for value in getattr(each, name, [])]
    return Namespace(**merged)


def x_arguments(options: Namespace) -> dict[str, str]:
    """Return each ``-x key=value``, as ``env.py`` gets them."""
    return dict(each.partition("=")[::2] for each in options.x)


def load_config(options: Namespace) -> "Config":
    """Return Alembic's configuration.

    The file is found as Alembic finds it: ``-c``, then the environment variable
    ``ALEMBIC_CONFIG``; then it is the project's own, wherever the command runs.

    Raises:
        CommandError: ``-c`` names two files of a kind.
    """
    from alembic.config import Config

    ini = _one([path for path in options.config if not _is_toml(path)])
    toml = _one([path for path in options.config if _is_toml(path)])
    if variable := os.environ.get("ALEMBIC_CONFIG"):
        ini, toml = (ini, toml or variable) if _is_toml(variable) else (ini or variable, toml)
    return Config(ini or HOME / "alembic.ini", toml, ini_section=options.name, cmd_opts=options)


def _is_toml(path: str) -> bool:
    return Path(path).name == "pyproject.toml"


def _one(paths: list[str]) -> str | None:
    if len(paths) > 1:
        from alembic.util import CommandError

        raise CommandError(f"-c names more than one file: {', '.join(paths)}.\nNothing was done.")
    return paths[0] if paths else None
