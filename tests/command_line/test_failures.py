"""A failure is told once, on stderr, whichever command fails."""

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from tests.support.commands import run_alembic, run_command
from tests.support.revisions import HEAD

NOWHERE = "postgresql://nobody@localhost:1/none"


@pytest.mark.parametrize("run", [run_alembic, run_command])
def test_failure_is_told_once_on_stderr(run: Callable[..., CompletedProcess[str]]) -> None:
    result = run("upgrade", "head", DATABASE_URL=NOWHERE)
    assert (result.returncode, result.stdout) == (255, "")
    assert result.stderr.startswith("FAILED: Cannot connect to the database")
    assert len(result.stderr.splitlines()) == 2


def test_script_that_cannot_be_written_to_the_end_holds_no_message() -> None:
    result = run_alembic("downgrade", f"{HEAD}:nowhere", "--sql")
    assert result.returncode == 255
    assert "FAILED" not in result.stdout
    assert result.stderr.count("nowhere") == 1


def test_failure_before_any_database_is_asked_is_told_on_stderr() -> None:
    result = run_command("show", "nowhere")
    assert (result.returncode, result.stdout) == (255, "")
    assert result.stderr == "FAILED: Can't locate revision identified by 'nowhere'\n"
