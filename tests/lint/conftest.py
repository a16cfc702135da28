"""A checkout to add revisions to, and the command that lints them."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL

from app.__main__ import main
from tests.runner.revisions import Revisions
from tests.support.commands import copy_checkout


@dataclass
class Checkout:
    """A copy of the project whose revisions a test adds to."""

    root: Path
    revisions: Revisions
    capsys: pytest.CaptureFixture[str]

    def lint(self, *names: str) -> tuple[int, str]:
        """Lint the revisions of these names; return the exit code and what the command says."""
        code = main(["lint", *names, "-c", str(self.root / "alembic.ini")])
        said, error = self.capsys.readouterr()
        return code, said + error


@pytest.fixture
def checkout(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    server_url: URL,
    monkeypatch: pytest.MonkeyPatch,
) -> Checkout:
    # What squawk finds is asked of PostgreSQL there.
    monkeypatch.setenv("SCRATCH_URL", server_url.render_as_string(hide_password=False))
    root = copy_checkout(tmp_path / "checkout")
    return Checkout(root, Revisions(root / "versions"), capsys)
