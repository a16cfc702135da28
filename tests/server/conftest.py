"""Directories that a server of the test's own can work in."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that a server's user can reach, unlike root's ``tmp_path``."""
    path = Path(tempfile.mkdtemp(prefix="server-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
