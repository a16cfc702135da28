"""What the upstream branch has: the revisions that are merged, and not one's own to change."""

import subprocess
from pathlib import Path

from alembic.util import CommandError

# The first that there is. Without a remote the branch that others merge into is a local one.
_USUAL = ["origin/HEAD", "origin/main", "origin/master", "main", "master"]
_UNTOUCHED = "Nothing was renumbered."


def find_upstream(directory: Path, given: str | None) -> str:
    """Return what git calls the upstream branch of the checkout that ``directory`` is in.

    That is ``given``; else the commit that a rebase under way goes on top of; else the branch of
    the usual name.

    Raises:
        CommandError: there is no such branch, or this is no checkout of git's.
    """
    if not _git(directory, "rev-parse", "--is-inside-work-tree"):
        raise CommandError(
            f"{directory} is in no checkout of git's, which tells what others have merged.\n"
            f"{_UNTOUCHED}"
        )
    if given:
        candidates = [given]
    else:
        rebase = _git(
            directory, "rev-parse", "--path-format=absolute", "--git-path", "rebase-merge"
        )
        onto = Path(rebase.strip()) / "onto"
        candidates = [onto.read_text().strip()] if onto.is_file() else _USUAL
    for name in candidates:
        if _git(directory, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
            return name
    raise CommandError(
        f"There is no branch {' or '.join(candidates)}.\n"
        f"{_UNTOUCHED} Name the branch that you merge into: --upstream <branch>"
    )


def names_in(directory: Path, upstream: str) -> set[str]:
    """Return the names of the files that ``upstream`` has in ``directory``."""
    return set(_git(directory, "ls-tree", "--name-only", "-z", upstream, "./").split("\0")) - {""}


def _git(directory: Path, *arguments: str) -> str:
    """Return what git prints; nothing where it refuses, or is not installed."""
    try:
        run = subprocess.run(
            ["git", "-C", str(directory), *arguments],  # noqa: S607  whichever git people use
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return "" if run.returncode else run.stdout
