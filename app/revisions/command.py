"""``creativeflow-schema renumber``: give one's own revisions the numbers behind the merged ones."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from alembic.script import ScriptDirectory

from ..command_line import alembic_options
from ..installation import COMMAND, typed
from .files import read_revisions
from .numbers import HEAD_FILE, require_checkout
from .renumbering import Renumbering, renumber
from .upstream import find_upstream, names_in


def configure(parser: ArgumentParser) -> None:
    """Add the arguments to ``parser``."""
    parser.description = (
        "Move the revisions that the upstream branch lacks on top of those that it has."
    )
    parser.epilog = f"Example, after a merge or in a rebase: {COMMAND} renumber"
    parser.add_argument(
        "--upstream",
        metavar="BRANCH",
        help="where others merge (default: the base of a rebase, origin/HEAD, main)",
    )


def run(options: Namespace) -> int:
    """Renumber; return 0.

    Raises:
        CommandError: what is one's own, or where it is to go, cannot be told.
    """
    require_checkout()
    directory = Path(ScriptDirectory.from_config(alembic_options.load_config(options)).versions)
    upstream = find_upstream(directory, options.upstream)
    done = renumber(read_revisions(directory), names_in(directory, upstream), upstream)
    done.apply(directory)
    _say(done)
    return 0


def _say(done: Renumbering) -> None:
    for move in done.moves:
        print(f"versions/{move.old.path.name} -> {move.new.path.name}")
    print(f"versions/{HEAD_FILE}: {done.moves[-1].new.path.stem}")
    if any(move.new.revision != move.old.revision for move in done.moves):
        newest = done.moves[-1].new.revision
        steps = (f"stamp {newest}", f"downgrade {done.stands_on}", f"stamp {done.stood_on}")
        print(
            "A database that ran them under their old numbers, first:\n  "
            + " && ".join(map(typed, steps))
        )
    print(f"Then: {typed('upgrade head')}")
