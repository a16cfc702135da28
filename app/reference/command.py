"""``creativeflow-schema reference``: write what is stale of the generated files, or name it."""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from alembic.util import CommandError

from ..installation import HOME, IS_CHECKOUT
from .contents import generated_files, unexpected_files
from .files import COMMAND, GeneratedFile
from .incomplete import IncompleteError


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = "Generate ddl/, the data dictionary and the diagrams from the models."
    parser.epilog = f"Example: {COMMAND} --check"
    parser.add_argument(
        "--check", action="store_true", help="change nothing; name each stale file and exit with 1"
    )
    parser.add_argument("--root", type=Path, default=HOME, help=SUPPRESS)


def run(options: Namespace) -> int:
    """Generate the files; return 1 if one is stale, with ``--check``, or belongs to none.

    Raises:
        CommandError: the models do not say all that is needed, or nothing draws the diagrams.
    """
    if not IS_CHECKOUT:
        raise CommandError(
            "The reference is generated in a checkout, and this is an installed package.\n"
            "Nothing was written."
        )
    try:
        files = generated_files()
    except IncompleteError as error:
        raise CommandError(f"{error}\nNothing was written.") from error
    stale = [file for file in _progress("checking", files) if not file.is_current(options.root)]
    unexpected = unexpected_files(options.root, files)
    for path in unexpected:
        print(f"unexpected: {path}")
    if options.check:
        return _report(stale, unexpected, len(files))
    try:
        for file in _progress("writing", stale):
            file.write(options.root)
    except ModuleNotFoundError as error:
        raise CommandError(
            f"{error}.\nInstall what draws the diagrams: pip install pygraphviz"
        ) from error
    print(f"{len(files)} files, {len(stale)} written.")
    return _advise_removal(unexpected)


def _report(stale: list[GeneratedFile], unexpected: list[Path], total: int) -> int:
    for file in stale:
        print(f"stale: {file.path}")
    if stale:
        print(f"{len(stale)} of {total} files are stale. Bring them up to date with: {COMMAND}")
    elif not unexpected:
        print(f"All {total} files are current.")
    return _advise_removal(unexpected) or int(bool(stale))


def _advise_removal(unexpected: list[Path]) -> int:
    if unexpected:
        print("The reference does not make the unexpected files; remove them.")
    return int(bool(unexpected))


def _progress(doing: str, files: Sequence[GeneratedFile]) -> Iterator[GeneratedFile]:
    """Yield the files, saying on a terminal which one it is at."""
    shown = sys.stderr.isatty()
    for number, file in enumerate(files, start=1):
        if shown:
            line = f"[{number}/{len(files)}] {doing} {file.path}"
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        yield file
    if shown:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
