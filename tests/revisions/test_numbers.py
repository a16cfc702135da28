"""New revisions number themselves, and versions/HEAD follows."""

from argparse import Namespace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import Script
from alembic.util import CommandError

from tests.support.commands import copy_checkout, run_alembic, run_python
from tests.support.revisions import HEAD, after_head

FIRST, SECOND, THIRD = (after_head(n) for n in (1, 2, 3))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout")


def stems(checkout: Path) -> list[str]:
    """Return the new ones, without those of the project."""
    return sorted(path.stem for path in (checkout / "versions").glob("*.py"))[int(HEAD) :]


def head(checkout: Path) -> str:
    return (checkout / "versions" / "HEAD").read_text()


# No database is configured, and the port is closed: these commands only write files.
NOWHERE = {"DATABASE_URL": "postgresql://nobody@localhost:1/none"}


def test_empty_revisions_take_the_next_number_and_the_whole_slug(checkout: Path) -> None:
    title = "let brand kits carry a very long and quite descriptive title"
    assert run_alembic("revision", "-m", title, cwd=checkout, **NOWHERE).returncode == 0
    assert run_alembic("revision", "-m", "more", cwd=checkout, **NOWHERE).returncode == 0
    assert stems(checkout) == [f"{FIRST}_{title.replace(' ', '_')}", f"{SECOND}_more"]
    assert head(checkout) == f"{SECOND}_more\n"


def two_heads(checkout: Path) -> None:
    for name in ("one", "two"):
        arguments = ("revision", "-m", name, "--head", HEAD, "--splice")
        assert run_alembic(*arguments, cwd=checkout, **NOWHERE).returncode == 0


def test_a_merge_takes_the_next_number(checkout: Path) -> None:
    two_heads(checkout)
    result = run_alembic("merge", "-m", "join", FIRST, SECOND, cwd=checkout, **NOWHERE)
    assert result.returncode == 0, result.stderr
    assert stems(checkout) == [f"{FIRST}_one", f"{SECOND}_two", f"{THIRD}_join"]
    assert head(checkout) == f"{THIRD}_join\n"


# What Alembic draws looks like the second; dates and tickets look like our numbers.
CHOSEN = ("hotfix", "deadbeefcafe", "202611211230", "x" * 32)


@pytest.mark.parametrize("id_", CHOSEN)
def test_an_id_chosen_by_the_user_is_kept(checkout: Path, id_: str) -> None:
    arguments = ("revision", "-m", "mine", "--rev-id", id_)
    assert run_alembic(*arguments, cwd=checkout, **NOWHERE).returncode == 0
    assert stems(checkout) == [f"{id_}_mine"]
    assert head(checkout) == f"{id_}_mine\n"


def test_a_merge_keeps_an_id_chosen_by_the_user(checkout: Path) -> None:
    two_heads(checkout)
    arguments = ("merge", "-m", "join", "--rev-id", "deadbeefcafe", FIRST, SECOND)
    result = run_alembic(*arguments, cwd=checkout, **NOWHERE)
    assert result.returncode == 0, result.stderr
    assert stems(checkout)[-1] == "deadbeefcafe_join"


def test_a_program_is_given_the_id_it_asks_for_or_the_next_number(tmp_path: Path) -> None:
    config = Config(copy_checkout(tmp_path / "checkout") / "alembic.ini")
    config.set_section_option("post_write_hooks", "hooks", "")

    def written(revision: object) -> str:
        assert isinstance(revision, Script)
        return revision.revision

    assert written(command.revision(config, "x", rev_id="deadbeefcafe")) == "deadbeefcafe"
    assert written(command.revision(config, "y")) == FIRST
    assert written(command.revision(config, "z", head="deadbeefcafe", splice=True)) == SECOND
    ours = (FIRST, SECOND)
    assert written(command.merge(config, ours, "join", rev_id="0123456789ab")) == "0123456789ab"
    assert written(command.revision(config, "w", head=SECOND, splice=True)) == THIRD
    assert written(command.merge(config, ("0123456789ab", THIRD), "join")) == after_head(4)


def test_numbers_do_not_go_on_from_a_date(checkout: Path) -> None:
    arguments = ("revision", "-m", "mine", "--rev-id", "202611211230")
    assert run_alembic(*arguments, cwd=checkout, **NOWHERE).returncode == 0
    assert run_alembic("revision", "-m", "more", cwd=checkout, **NOWHERE).returncode == 0
    assert stems(checkout) == [f"{FIRST}_more", "202611211230_mine"]


@pytest.mark.parametrize(
    ("id_", "fault"),
    [
        ("x" * 33, "is longer than the 32 characters of alembic_version"),
        (HEAD, "is taken"),
        ("fix/login", "is no name for a file"),
    ],
)
def test_an_id_that_cannot_be_used_is_refused(checkout: Path, id_: str, fault: str) -> None:
    result = run_alembic("revision", "-m", "mine", "--rev-id", id_, cwd=checkout, **NOWHERE)
    assert result.returncode != 0
    assert f"The revision id {id_!r} {fault}." in result.stderr
    assert "No revision was written." in result.stderr
    assert stems(checkout) == []


def test_a_merge_whose_id_is_too_long_is_refused(checkout: Path) -> None:
    config = Config(checkout / "alembic.ini")
    config.set_section_option("post_write_hooks", "hooks", "")
    two_heads(checkout)
    with pytest.raises(CommandError, match="longer than the 32 characters"):
        command.merge(config, (FIRST, SECOND), "join", rev_id="x" * 33)


def test_a_new_revision_has_a_docstring_to_fill_and_typed_functions(checkout: Path) -> None:
    assert run_alembic("revision", "-m", "add x", cwd=checkout, **NOWHERE).returncode == 0
    source = (checkout / "versions" / f"{FIRST}_add_x.py").read_text()
    assert source.startswith('"""add x.\n\nWhy:\nWhat:\nReference:\n')
    assert "def upgrade() -> None:" in source
    assert "###" not in source


def test_a_revision_to_be_completed_by_hand_has_what_it_needs(checkout: Path) -> None:
    assert run_alembic("revision", "-m", "add x", cwd=checkout, **NOWHERE).returncode == 0
    path = checkout / "versions" / f"{FIRST}_add_x.py"
    assert "\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision" in path.read_text()
    drop = ("-m", "ruff", "check", "--quiet", "--fix", "--force-exclude", str(path))
    assert run_python(*drop, cwd=checkout).returncode == 0
    assert "import" not in path.read_text()


@pytest.mark.parametrize("message", [None, " "])
def test_a_revision_that_says_nothing_is_refused_unless_that_is_wanted(
    message: str | None, tmp_path: Path
) -> None:
    config = Config(copy_checkout(tmp_path / "checkout") / "alembic.ini")
    config.set_section_option("post_write_hooks", "hooks", "")
    with pytest.raises(CommandError, match=r"says what it changes(.|\n)*Nothing was written\. Say"):
        command.revision(config, message)
    assert stems(tmp_path / "checkout") == []
    config.cmd_opts = Namespace(x=["empty=ok"])
    command.revision(config, message)
    assert len(stems(tmp_path / "checkout")) == 1
