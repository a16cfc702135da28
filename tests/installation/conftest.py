"""A wheel, and an environment that has nothing but it and what it needs."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from venv import EnvBuilder

import pytest

from app.server.embedded.locks import locked
from tests.support.commands import PROJECT_FILES
from tests.support.databases import ROOT

BUILD_FILES = ("README.md", "MANIFEST.in", "build_backend.py", "setup.py")
# Another package of the name that ours has in a checkout, in whose place it must never be loaded.
FOREIGN = """\
import sys
NAME = "foreign"
print("the foreign app is loaded", file=sys.stderr)
"""


@dataclass
class Installed:
    """The wheel, installed at a path with blanks, all of it read-only."""

    environment: Path
    directory: Path

    @property
    def site_packages(self) -> Path:
        (found,) = self.environment.glob("[Ll]ib/**/site-packages")
        return found

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``creativeflow-schema`` in a directory that has an ``app`` of its own."""
        script = shutil.which("creativeflow-schema", path=self._scripts())
        assert script
        return self._run(script, *arguments, **environment)

    def run_python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the environment's interpreter there."""
        python = shutil.which("python", path=self._scripts())
        assert python
        return self._run(python, *arguments, **environment)

    def files(self) -> dict[Path, int]:
        """Return all files with the time of their last change; what Python caches is not meant."""
        found = (*self.environment.rglob("*"), *self.directory.rglob("*"))
        files = (path for path in found if path.is_file() and path.suffix != ".pyc")
        return {path: path.lstat().st_mtime_ns for path in files}

    def _scripts(self) -> str:
        return str(self.environment / ("Scripts" if os.name == "nt" else "bin"))

    def _run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            command,
            cwd=self.directory,
            env=inherited | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of this test run, for all of its workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def wheel(place: Path) -> Path:
    """That of TEST_WHEEL, else one built from the source distribution by ``python -m build``."""
    if given := os.environ.get("TEST_WHEEL"):
        return Path(given)
    built = place / "built"
    with locked(place / "wheel.lock"):
        if not built.exists():
            build(source(place / "source"), built)
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(place: Path, wheel: Path) -> Installed:
    """The wheel installed where nobody may write, beside a foreign ``app``."""
    found = Installed(place / "an empty place" / "environment", place / "an empty place" / "work")
    with locked(place / "installed.lock"):
        if not found.environment.exists():
            install(wheel, found)
    return found


def source(directory: Path) -> Path:
    """Copy what a build needs to ``directory``."""
    directory.mkdir()
    for name in (*PROJECT_FILES, *BUILD_FILES):
        if (ROOT / name).is_dir():
            # Not what other tests' processes are just compiling.
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, directory / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, directory / name)
    return directory


def build(directory: Path, target: Path, *options: str) -> None:
    """Build the project in ``directory``, with the tools of the tests' own environment."""
    command = ("-m", "build", "--no-isolation", "--outdir", str(target), *options, str(directory))
    result = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def install(wheel: Path, target: Installed) -> None:
    EnvBuilder(symlinks=os.name != "nt").create(target.environment)
    python = next(Path(target._scripts()).glob("python*"))
    pip = ("-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index")
    subprocess.run([sys.executable, *pip, str(wheel)], check=True, timeout=120)
    # What it needs is taken from the tests' own environment, whose editable installs this skips.
    packages = [path for path in sys.path if path.endswith("site-packages")]
    (target.site_packages / "needed.pth").write_text("\n".join(packages))
    for directory in (target.site_packages, target.directory):
        (directory / "app").mkdir(parents=True)
        (directory / "app" / "__init__.py").write_text(FOREIGN)
    for path in (*target.environment.rglob("*"), *target.directory.rglob("*"), target.directory):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
