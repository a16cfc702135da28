"""Running the project's commands as a user does: in a process of their own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from sqlalchemy import URL, Engine

from tests.support.databases import ROOT

PROJECT_FILES = (
    "alembic.ini",
    "env.py",
    "script.py.mako",
    "pyproject.toml",
    ".squawk.toml",
    "app",
    "versions",
)


def run_alembic(
    *arguments: str, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``alembic`` in ``cwd`` with ``environment`` added to the process's own."""
    return run_python("-m", "alembic", *arguments, cwd=cwd, **environment)


def run_command(
    *arguments: str, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``creativeflow-schema``, as it is installed beside the interpreter of the tests."""
    script = Path(sys.executable).with_name("creativeflow-schema")
    return run_python(str(script), *arguments, cwd=cwd, **environment)


def run_python(
    *arguments: str, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the interpreter of the tests in ``cwd`` with ``environment`` added."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def url_of(engine: Engine) -> str:
    """Return the URL of ``engine`` as a user would put it in ``DATABASE_URL``."""
    return libpq_url(engine.url)


def libpq_url(url: URL) -> str:
    """Return ``url`` as psql and pg_dump take it, which want no blank in it since 18."""
    rendered = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return rendered.replace(" ", "%20")


def copy_checkout(target: Path) -> Path:
    """Copy what Alembic needs of the project to ``target``, so that a test may change it."""
    target.mkdir(parents=True)
    for name in PROJECT_FILES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            shutil.copy(source, target / name)
    return target
