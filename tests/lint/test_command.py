"""``creativeflow-schema lint``: what it lints, what it says and its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from venv import EnvBuilder

import pytest

from app.revisions.hazards import Hazard
from tests.lint.conftest import Checkout
from tests.support.commands import run_python

DROP = 'op.drop_column("users", "full_name")'
# What asks the database how it looks, and so cannot be written as SQL, says so like this.
ONLINE = """\
from alembic.util import CommandError
if op.get_context().as_sql:
    raise CommandError("looks at the partitions of usage_logs\\nRun it online.")
"""


def test_command_says_what_is_wrong_and_what_to_do(checkout: Checkout) -> None:
    name = checkout.revisions.add(DROP)
    result = run_python("-m", "app", "lint", name, cwd=checkout.root)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        f"{name}_of_a_test.py: ban-drop-column: Dropping a column may break existing clients.",
        "    ALTER TABLE users DROP COLUMN full_name;",
        f"    at stake: data is lost. {Hazard.COLUMN_DROPPED.fix}.",
        "Problems: 1. What a rule is for: https://squawkhq.com/docs/<rule>",
        "Mend the revision, or say in it why it may break the rule: "
        "# squawk-ignore <rule>: <reason>",
    ]


def test_problems_as_json_say_where_they_are(checkout: Checkout) -> None:
    waived = checkout.revisions.add(f"# squawk-ignore ban-drop-column: unused\n{DROP}")
    name = checkout.revisions.add(f"# squawk-ignore ban-drop-table: unused\n{DROP}")
    other = checkout.revisions.add(ONLINE)
    code, said = checkout.lint(waived, name, other, "--format", "json")
    assert code == 1
    found = json.loads(said)
    assert found["problems"] == 2
    clean, broken, online = found["revisions"]
    assert (clean["waived"], clean["problems"]) == (["ban-drop-column"], [])
    assert online["not_linted"] == "looks at the partitions of usage_logs"
    assert broken["file"] == f"{name}_of_a_test.py"
    mistake, problem = broken["problems"]
    assert isinstance(mistake["line"], int)
    assert mistake["message"] == "nothing here breaks ban-drop-table. Remove the waiver."
    assert problem["rule"] == "ban-drop-column"
    assert problem["statement"] == "ALTER TABLE users DROP COLUMN full_name;"
    assert problem["at_stake"]
    assert problem["help"]


def test_problems_as_markdown_are_a_table(checkout: Checkout) -> None:
    name = checkout.revisions.add(DROP)
    code, said = checkout.lint("0001", name, "--format", "markdown")
    assert code == 1
    lines = said.splitlines()
    assert lines[0] == "| revision | rule | problem | help |"
    assert lines[2].startswith(f"| {name}_of_a_test.py | ban-drop-column | Dropping a column may")
    assert "`ALTER TABLE users DROP COLUMN full_name;`" in lines[2]
    assert lines[3:] == [
        "",
        "- 0001_create_initial_tables.py: clean, waived: prefer-identity",
    ]


def test_revision_that_cannot_be_written_as_sql_is_not_linted(checkout: Checkout) -> None:
    name = checkout.revisions.add(ONLINE)
    expected = f"{name}_of_a_test.py: not linted: looks at the partitions of usage_logs\n"
    assert checkout.lint(name) == (0, expected)


def test_merge_is_linted_without_the_branches_it_joins(checkout: Checkout) -> None:
    revisions = checkout.revisions
    branch = revisions.add(DROP)
    other = revisions.add("pass")
    merge = revisions.add(DROP.replace("full_name", "username"))
    versions = revisions.directory
    start = f"{int(branch) - 1:04d}"
    for path, old, new in (
        (f"{other}_of_a_test.py", f'"{branch}"', f'"{start}"'),
        (f"{merge}_of_a_test.py", f'"{other}"', f'("{branch}", "{other}")'),
    ):
        text = (versions / path).read_text()
        (versions / path).write_text(
            text.replace(f"down_revision = {old}", f"down_revision = {new}")
        )
    code, said = checkout.lint(merge)
    assert code == 1
    assert "DROP COLUMN username" in said
    assert "DROP COLUMN full_name" not in said


@pytest.mark.parametrize("name", ["9999", "base"])
def test_unknown_revision_is_a_mistake_in_the_command(checkout: Checkout, name: str) -> None:
    code, said = checkout.lint(name)
    assert code == 2
    assert name in said


def test_refusal_by_env_py_is_not_taken_for_the_revisions(checkout: Checkout) -> None:
    with (checkout.root / "env.py").open("a") as file:
        file.write('raise CommandError("No such schema.")\n')
    assert checkout.lint() == (2, "No such schema.\n")


def test_broken_configuration_is_named(checkout: Checkout) -> None:
    (checkout.root / ".squawk.toml").write_text('excluded_rules = ["no-such-rule"]\n')
    code, said = checkout.lint()
    assert code == 2
    assert "no-such-rule" in said
    assert "Nothing was linted." in said


def test_missing_squawk_is_said_with_how_to_install_it(checkout: Checkout, tmp_path: Path) -> None:
    builder = EnvBuilder(symlinks=os.name != "nt")
    builder.create(tmp_path / "bare")
    result = subprocess.run(
        [builder.ensure_directories(tmp_path / "bare").env_exe, "-m", "app", "lint"],
        cwd=checkout.root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "squawk is not installed.\nNothing was linted. Install it: pip install squawk-cli\n"
    )


def test_squawk_of_the_environment_is_found_without_activating_it(checkout: Checkout) -> None:
    result = run_python("-m", "app", "lint", "head", cwd=checkout.root, PATH=str(checkout.root))
    assert result.returncode == 0, result.stderr
