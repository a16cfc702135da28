"""Revisions of one's own, moved on top of those that others have merged meanwhile."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError

from .files import RevisionFile
from .numbers import HEAD_FILE, is_number

_UNTOUCHED = "Nothing was renumbered."


@dataclass(frozen=True)
class Move:
    """A revision, and what becomes of it."""

    old: RevisionFile
    new: RevisionFile


@dataclass(frozen=True)
class Renumbering:
    """The moves of one's own revisions, the first of them first, and where they begin."""

    moves: Sequence[Move]
    stood_on: str
    stands_on: str

    def apply(self, directory: Path) -> None:
        """Write the files anew, under their new names, and ``HEAD``."""
        # The last first: the next number is that of the one behind.
        for move in reversed(self.moves):
            move.new.path.write_text(move.new.text, encoding="utf-8", newline="\n")
            if move.new.path != move.old.path:
                move.old.path.unlink()
        (directory / HEAD_FILE).write_text(f"{self.moves[-1].new.path.stem}\n")


def renumber(
    revisions: Sequence[RevisionFile], merged: Collection[str], upstream: str
) -> Renumbering:
    """Return how the revisions whose files are not ``merged`` move on top of those that are.

    ``merged`` are the names of the files that ``upstream`` has. Ids that are no numbers stay.

    Raises:
        CommandError: there is nothing to move, files of ``upstream`` are missing here, it has
            itself several newest revisions, or one's own are no chain.
    """
    missing = sorted(name for name in merged if name.endswith(".py"))
    missing = [name for name in missing if name not in {each.path.name for each in revisions}]
    if missing:
        raise CommandError(
            f"{upstream} has revisions that are not here: {_named(missing)}.\n"
            f"{_UNTOUCHED} Merge it, or rebase on it, first."
        )
    theirs = [each for each in revisions if each.path.name in merged]
    own = [each for each in revisions if each.path.name not in merged]
    if not own:
        raise CommandError(
            f"{upstream} has all revisions that are here, and what is merged keeps its number.\n"
            f"{_UNTOUCHED}"
        )
    heads = _newest(theirs)
    if len(heads) != 1:
        raise CommandError(
            f"{upstream} has itself {len(heads)} newest revisions: "
            f"{_named(each.path.name for each in heads)}.\n"
            f"{_UNTOUCHED} Put that right first, on a branch of its own."
        )
    chain = _chain(own, upstream)
    return _on_top(chain, heads[0], theirs)


def _on_top(
    chain: Sequence[RevisionFile], head: RevisionFile, theirs: Sequence[RevisionFile]
) -> Renumbering:
    number = max((int(each.revision) for each in theirs if is_number(each.revision)), default=0)
    ids: dict[str, str] = {}
    for each in chain:
        if is_number(each.revision):
            number += 1
            ids[each.revision] = f"{number:04d}"
    moves, below = [], head.revision
    for each in chain:
        moves.append(Move(each, each.moved(ids, (below,))))
        below = moves[-1].new.revision
    return Renumbering(moves, chain[0].down[0], head.revision)


def _newest(revisions: Sequence[RevisionFile]) -> list[RevisionFile]:
    below = {down for each in revisions for down in each.down}
    return [each for each in revisions if each.revision not in below]


def _chain(own: Sequence[RevisionFile], upstream: str) -> list[RevisionFile]:
    """Return ``own`` revisions, each on top of the one before it.

    What they stand on is one's own where one's own has that id: others knew nothing of them.
    """
    ids = [each.revision for each in own]
    first = [each for each in own if len(each.down) == 1 and each.down[0] not in ids]
    chain = first[:1]
    while chain:
        on_top = [each for each in own if each.down == (chain[-1].revision,)]
        if len(on_top) != 1:
            break
        chain += on_top
    if len(chain) != len(own):
        raise CommandError(
            f"{_named(each.path.name for each in own)} are not in {upstream}, and do not stand on "
            "top of each other.\n"
            f"{_UNTOUCHED} If another branch has some of them, fetch it, or name it: "
            "--upstream <branch>"
        )
    return chain


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"versions/{name}" for name in names)
