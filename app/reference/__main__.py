"""``python -m app.reference``: write what is stale; with ``--check`` name it and change nothing."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .contents import generated_files, unexpected_files
from .files import COMMAND, GeneratedFile
from .incomplete import IncompleteError

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 if all files are current in the end, else 1."""
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Generate ddl/, the data dictionary and the diagrams."
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; name each stale file and exit with 1"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        files = generated_files()
    except IncompleteError as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return 1
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
        print(f"{error}. Install what draws the diagrams: pip install -e '.[dev]'", file=sys.stderr)
        return 1
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


if __name__ == "__main__":
    sys.exit(main())
