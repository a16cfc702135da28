"""``creativeflow-schema reference``: stale files are named, written, nothing else is touched."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.__main__ import main
from app.reference.contents import generated_files
from tests.support.commands import copy_checkout, run_python
from tests.support.databases import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout, with the generated files."""
    copy = copy_checkout(tmp_path / "checkout")
    for directory in ("ddl", "docs"):
        shutil.copytree(ROOT / directory, copy / directory)
    return copy


Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on a checkout; return its exit code and what it says."""

    def run_command(root: Path, *arguments: str) -> tuple[int, list[str]]:
        code = main(["reference", *arguments, "--root", str(root)])
        return code, capsys.readouterr().out.splitlines()

    return run_command


def test_committed_files_are_current(run: Run) -> None:
    assert run(ROOT, "--check")[0] == 0, "run: creativeflow-schema reference"


def test_changed_comment_is_named_in_each_file_and_written(checkout: Path) -> None:
    change(checkout, "Groups of users who work together.", "Users who share brand kits.")
    checked = run_python("-m", "app", "reference", "--check", cwd=checkout)
    assert checked.returncode == 1
    assert not checked.stderr
    stale = [
        "ddl/tables/013_create_teams.sql",
        "docs/data-dictionary/README.md",
        "docs/data-dictionary/accounts.md",
    ]
    *named, advice = checked.stdout.splitlines()
    assert named == [f"stale: {path}" for path in stale]
    assert advice.endswith("creativeflow-schema reference")
    before = modified(checkout)
    assert run_python("-m", "app", "reference", cwd=checkout).returncode == 0
    assert [path for path, at in modified(checkout).items() if before[path] != at] == stale
    assert run_python("-m", "app", "reference", "--check", cwd=checkout).returncode == 0


def test_changed_column_makes_the_pictures_that_show_it_stale(checkout: Path) -> None:
    change(checkout, "String(100)", "String(90)")
    said = run_python("-m", "app", "reference", "--check", cwd=checkout).stdout.splitlines()
    pictures = {line.removeprefix("stale: ") for line in said if line.endswith((".png", ".svg"))}
    assert pictures == {
        f"docs/diagrams/{name}.{format_}"
        for name in ("creativeflow_ai_erd", "user_and_authentication")
        for format_ in ("png", "svg")
    }


def test_changed_classification_makes_the_roles_stale(checkout: Path) -> None:
    path = checkout / "app/models/session_model.py"
    text = path.read_text()
    assert "Classification.PERSONAL" in text
    path.write_text(text.replace("Classification.PERSONAL", "Classification.SECRET"))
    said = run_python("-m", "app", "reference", "--check", cwd=checkout).stdout.splitlines()
    assert "stale: ddl/roles.sql" in said


def test_missing_picture_is_drawn(checkout: Path, run: Run) -> None:
    (checkout / "docs/diagrams/creative_workflow.png").unlink()
    assert run(checkout, "--check")[1][0] == "stale: docs/diagrams/creative_workflow.png"
    assert run(checkout) == (0, ["74 files, 1 written."])
    assert run(checkout, "--check")[0] == 0


def test_edited_file_is_stale_and_written_again(checkout: Path, run: Run) -> None:
    path = checkout / "docs/requirements.md"
    text = path.read_text()
    path.write_text(text.replace("NFR-005", "NFR-006"))
    assert run(checkout, "--check")[1][0] == "stale: docs/requirements.md"
    assert run(checkout)[0] == 0
    assert path.read_text() == text


def test_file_that_nothing_makes_is_named_and_kept(checkout: Path, run: Run) -> None:
    stray = checkout / "ddl/tables/023_create_old.sql"
    stray.write_text("-- old\n")
    for arguments in (["--check"], []):
        code, said = run(checkout, *arguments)
        assert code == 1
        assert "unexpected: ddl/tables/023_create_old.sql" in said
    assert stray.exists()


def test_table_of_which_something_is_not_said_is_named_in_one_message(checkout: Path) -> None:
    change(checkout, '"serves":', '"for":')
    change(checkout, ", **in_domain(Domain.ACCOUNTS)", "")
    change(checkout, "    name: Mapped", "    motto: Mapped[str]\n    name: Mapped")
    path = checkout / "app/models/__init__.py"
    path.write_text(
        path.read_text().replace("from .team_model import Team\n", "").replace('    "Team",\n', "")
    )
    result = run_python("-m", "app", "reference", cwd=checkout)
    assert result.returncode == 2
    *told, nothing = result.stderr.splitlines()
    assert [re.sub(r":\d+:", ":", each) for each in told] == [
        "app/models/__init__.py: not exported: from .team_model import Team, "
        "and the same in __all__",
        "app/models/team_model.py: no domain: **in_domain(Domain.…) beside its comment",
        "app/models/team_model.py: motto has no meaning: comment=…",
        'app/models/team_model.py: idx_team_ownerid serves nothing: info={"serves": "…"}',
    ]
    lines = (checkout / "app/models/team_model.py").read_text().splitlines()
    places = [lines[int(line.split(":")[1]) - 1] for line in told[1:]]
    assert ["class Team" in places[0], "motto" in places[1], "idx_team" in places[2]] == [True] * 3
    assert nothing == "Nothing was written."


def test_output_does_not_depend_on_hash_order() -> None:
    program = "from app.reference.contents import generated_files; print(generated_files())"
    assert run_python("-c", program, PYTHONHASHSEED="1").stdout == f"{generated_files()}\n"


def change(checkout: Path, old: str, new: str) -> None:
    """Edit the model of the table teams."""
    model = checkout / "app/models/team_model.py"
    assert old in model.read_text()
    model.write_text(model.read_text().replace(old, new))


def modified(checkout: Path) -> dict[str, int]:
    """Return when each generated file was written, by path."""
    return {str(file.path): (checkout / file.path).stat().st_mtime_ns for file in generated_files()}
