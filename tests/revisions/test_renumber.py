"""Two branches with one number: what the commands say, and `creativeflow-schema renumber`."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from app.__main__ import main
from tests.docs.guide import blocks, commands
from tests.support.databases import ROOT
from tests.support.revisions import HEAD, after_head

Capture = pytest.CaptureFixture[str]
FIRST, SECOND, THIRD = (after_head(n) for n in (1, 2, 3))
REVISION = '''\
"""{title}.

Why: {revision} is asked for.

Revision ID: {revision}
Revises: {down}
Create Date: 2026-11-25 12:00:00
"""

from alembic import op

revision: str = "{revision}"
down_revision: str | tuple[str, ...] | None = "{down}"
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None
{chain}

def upgrade() -> None:
    op.execute("CREATE TABLE {name} (id int)")


def downgrade() -> None:
    op.execute("DROP TABLE {name}")
'''


class Branches:
    """A checkout in git with the branches ``main`` and ``mine``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        for name in ("alembic.ini", "env.py", "script.py.mako"):
            shutil.copy(ROOT / name, root)
        shutil.copytree(ROOT / "versions", root / "versions", ignore=lambda *_: ["__pycache__"])
        (root / "app").symlink_to(ROOT / "app")
        self.versions = root / "versions"
        self.ini = root / "alembic.ini"
        (root / ".gitignore").write_text("__pycache__/\n")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.commit()
        self.git("branch", "mine")

    def git(self, *arguments: str, fails: bool = False) -> str:
        run = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert bool(run.returncode) == fails, run.stdout + run.stderr
        return run.stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Change the schema")

    def add(self, branch: str, *names: str, chain: bool = False) -> None:
        """Commit revisions on a branch, each on top of the one before."""
        self.git("switch", "--quiet", branch)
        ids = [HEAD, *(after_head(n) for n in range(1, len(names) + 1))]
        for name, down, revision in zip(names, ids, ids[1:], strict=False):
            given = f'chain: tuple[str, str] = ("{ids[1]}", "{ids[-1]}")\n' if chain else ""
            text = REVISION.format(
                title=name.title(), name=name, revision=revision, down=down, chain=given
            )
            (self.versions / f"{revision}_{name}.py").write_text(text)
            (self.versions / "HEAD").write_text(f"{revision}_{name}\n")
        self.commit()

    def renumber(self, *arguments: str) -> None:
        assert main(["renumber", "-c", str(self.ini), *arguments]) == 0

    def refusal(self, capsys: Capture, *arguments: str) -> list[str]:
        """Return what is said where nothing is renumbered, and nothing changes."""
        before = self.state()
        assert main(["renumber", "-c", str(self.ini), *arguments]) == 2
        assert self.state() == before
        said = capsys.readouterr()
        assert said.out == ""
        return said.err.splitlines()

    def state(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.versions.iterdir() if path.is_file()}

    def new(self) -> list[str]:
        return [path.stem for path in sorted(self.versions.glob("*.py"))][int(HEAD) :]


@pytest.fixture
def branches(tmp_path: Path) -> Branches:
    return Branches(tmp_path / "checkout")


def merge(branches: Branches, *names: str, chain: bool = False) -> None:
    """Have git stop in the middle of a merge of main into mine."""
    branches.add("main", "theirs")
    branches.add("mine", *names, chain=chain)
    branches.git("merge", "--quiet", "main", fails=True)


@pytest.mark.parametrize(
    "run",
    [
        lambda config: command.upgrade(config, "head", sql=True),
        lambda config: command.downgrade(config, f"head:{HEAD}", sql=True),
        lambda config: command.revision(config, "more"),
    ],
)
def test_command_names_the_two_files_and_does_nothing(
    run: Callable[[Config], object], branches: Branches
) -> None:
    merge(branches, "ours")
    what, remedy = told(run, branches)
    assert what == (
        f"versions/{FIRST}_ours.py and versions/{FIRST}_theirs.py have one number, "
        f"{FIRST}: two branches have added it."
    )
    assert remedy.startswith("Nothing was done. In this order: creativeflow-schema renumber, ")
    assert remedy.endswith("; alembic upgrade head")


def told(run: Callable[[Config], object], branches: Branches) -> list[str]:
    with pytest.raises(CommandError) as refusal:
        run(Config(branches.ini))
    return str(refusal.value).splitlines()


def test_upgrade_names_two_newest_revisions_of_different_numbers(branches: Branches) -> None:
    branches.add("main", "theirs")
    text = (branches.versions / f"{FIRST}_theirs.py").read_text()
    (branches.versions / f"{SECOND}_ours.py").write_text(text.replace(f'"{FIRST}"', f'"{SECOND}"'))
    what, remedy = told(lambda config: command.upgrade(config, "head", sql=True), branches)
    assert f"versions/{FIRST}_theirs.py and versions/{SECOND}_ours.py are each the newest" in what
    assert remedy.endswith("If each was deployed: alembic merge heads -m 'Join the branches'")


def test_missing_revision_is_named_with_what_stands_on_it(branches: Branches) -> None:
    branches.add("mine", "one", "two")
    (branches.versions / f"{FIRST}_one.py").unlink()
    assert told(lambda config: command.upgrade(config, "head", sql=True), branches) == [
        f"versions/{SECOND}_two.py: down_revision is {FIRST}, which no file is.",
        "Nothing was done. Bring the file back, or put down_revision right.",
    ]


def test_whole_chain_moves_on_top_of_what_is_merged(branches: Branches, capsys: Capture) -> None:
    merge(branches, "one", "two", chain=True)
    branches.renumber()
    assert capsys.readouterr().out.splitlines()[:3] == [
        f"versions/{FIRST}_one.py -> {SECOND}_one.py",
        f"versions/{SECOND}_two.py -> {THIRD}_two.py",
        f"versions/HEAD: {THIRD}_two",
    ]
    assert branches.new() == [f"{FIRST}_theirs", f"{SECOND}_one", f"{THIRD}_two"]
    chain = f'chain: tuple[str, str] = ("{SECOND}", "{THIRD}")\n'
    for name, down, revision in (("one", FIRST, SECOND), ("two", SECOND, THIRD)):
        assert (branches.versions / f"{revision}_{name}.py").read_text() == REVISION.format(
            title=name.title(), name=name, revision=revision, down=down, chain=chain
        )
    assert (branches.versions / "HEAD").read_text() == f"{THIRD}_two\n"
    branches.renumber()
    assert "old numbers" not in capsys.readouterr().out
    assert branches.new() == [f"{FIRST}_theirs", f"{SECOND}_one", f"{THIRD}_two"]


def test_id_that_is_no_number_stays(branches: Branches) -> None:
    merge(branches, "ours")
    path = branches.versions / f"{FIRST}_ours.py"
    path.write_text(path.read_text().replace(FIRST, "hotfix"))
    path.rename(branches.versions / "hotfix_ours.py")
    branches.renumber()
    assert (
        f'down_revision: str | tuple[str, ...] | None = "{FIRST}"'
        in (branches.versions / "hotfix_ours.py").read_text()
    )
    assert (branches.versions / "HEAD").read_text() == "hotfix_ours\n"


def test_what_is_merged_keeps_its_number(branches: Branches, capsys: Capture) -> None:
    branches.add("main", "theirs")
    what, remedy = branches.refusal(capsys)
    assert what == ("main has all revisions that are here, and what is merged keeps its number.")
    assert remedy == "Nothing was renumbered."


def test_revisions_that_are_not_here_yet_are_named(branches: Branches, capsys: Capture) -> None:
    branches.add("main", "theirs")
    branches.add("mine", "ours")
    what, remedy = branches.refusal(capsys)
    assert what == f"main has revisions that are not here: versions/{FIRST}_theirs.py."
    assert remedy.endswith("Merge it, or rebase on it, first.")


def test_branch_that_knows_neither_file_is_told_apart_by_who_calls(
    branches: Branches, capsys: Capture
) -> None:
    branches.git("branch", "old")
    merge(branches, "ours")
    what, remedy = branches.refusal(capsys, "--upstream", "old")
    assert f"versions/{FIRST}_ours.py, versions/{FIRST}_theirs.py are not in old" in what
    assert remedy.endswith("--upstream <branch>")
    what, _ = branches.refusal(capsys, "--upstream", "nowhere")
    assert what == "There is no branch nowhere."
    branches.renumber("--upstream", "main")


def test_file_that_git_has_left_marks_in_is_named(branches: Branches, capsys: Capture) -> None:
    path = branches.versions / f"{FIRST}_same.py"
    branches.add("main", "same")
    path.write_text(path.read_text().replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    branches.commit()
    branches.add("mine", "same")
    path.write_text(path.read_text().replace("CREATE TABLE", "CREATE TEMP TABLE"))
    branches.commit()
    branches.git("merge", "--quiet", "main", fails=True)
    what, remedy = branches.refusal(capsys)
    assert what.startswith(f"versions/{FIRST}_same.py cannot be read, line ")
    assert "git checkout" in remedy


def test_directory_outside_of_git_is_refused(tmp_path: Path, capsys: Capture) -> None:
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    (tmp_path / "versions").mkdir()
    assert main(["renumber", "-c", str(tmp_path / "alembic.ini")]) == 2
    assert "is in no checkout of git's" in capsys.readouterr().err


(MERGE, REBASE, OF_A_DATABASE) = (
    [command.text for command in commands(block)]
    for block in blocks(ROOT / "CONTRIBUTING.md")
    if block.language == "console"
)


@pytest.mark.parametrize("steps", [REBASE, pytest.param(MERGE, marks=pytest.mark.long)])
def test_steps_of_the_guide_join_two_branches(
    steps: list[str],
    branches: Branches,
    migrated_engine: Engine,
) -> None:
    config = Config(branches.ini)
    config.attributes["connection"] = migrated_engine

    def type_in(line: str) -> None:
        program, *arguments = line.split()
        if program == "git":
            # It stops at versions/HEAD.
            branches.git(*arguments, fails=line == steps[0])
        elif program == "alembic":
            getattr(command, arguments[0])(config, *arguments[1:])
        elif arguments == ["renumber"]:
            branches.renumber()
        else:
            assert arguments == ["reference"]  # the copy has no files of it

    branches.add("main", "theirs")
    branches.add("mine", "ours")
    type_in("alembic upgrade head")
    for line in steps:
        type_in(line)
    assert branches.git("status", "--porcelain") == ""
    assert branches.new() == [f"{FIRST}_theirs", f"{SECOND}_ours"]
    numbers = {"0005": HEAD, "0006": FIRST, "0007": SECOND}
    for line in OF_A_DATABASE:
        *rest, last = line.split()
        if last != "check":  # the two tables are in no model
            type_in(" ".join([*rest, numbers.get(last, last)]))
    with migrated_engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM theirs, ours")
