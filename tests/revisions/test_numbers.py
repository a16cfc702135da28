"""New revisions number themselves, and versions/HEAD follows."""

from pathlib import Path

import pytest

from tests.support.commands import copy_checkout, run_alembic
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


def test_a_merge_takes_the_next_number(checkout: Path) -> None:
    for name in ("one", "two"):
        arguments = ("revision", "-m", name, "--head", HEAD, "--splice")
        assert run_alembic(*arguments, cwd=checkout, **NOWHERE).returncode == 0
    result = run_alembic("merge", "-m", "join", FIRST, SECOND, cwd=checkout, **NOWHERE)
    assert result.returncode == 0, result.stderr
    assert stems(checkout) == [f"{FIRST}_one", f"{SECOND}_two", f"{THIRD}_join"]
    assert head(checkout) == f"{THIRD}_join\n"


def test_an_id_chosen_by_the_user_is_kept(checkout: Path) -> None:
    arguments = ("revision", "-m", "mine", "--rev-id", "hotfix")
    assert run_alembic(*arguments, cwd=checkout, **NOWHERE).returncode == 0
    assert stems(checkout) == ["hotfix_mine"]


def test_a_new_revision_has_a_docstring_to_fill_and_typed_functions(checkout: Path) -> None:
    assert run_alembic("revision", "-m", "add x", cwd=checkout, **NOWHERE).returncode == 0
    source = (checkout / "versions" / f"{FIRST}_add_x.py").read_text()
    assert source.startswith('"""add x.\n\nWhy:\nWhat:\nReference:\n')
    assert "def upgrade() -> None:" in source
    assert "###" not in source
    assert "import" not in source
