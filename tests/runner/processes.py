"""Runs in processes of their own, which tests may kill."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from tests.support.commands import url_of
from tests.support.databases import ROOT

Run = subprocess.Popen[str]


def start_alembic(engine: Engine, *arguments: str, cwd: Path = ROOT, **environment: str) -> Run:
    """Start ``alembic`` on the database of ``engine``; both its outputs are one."""
    return subprocess.Popen(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=cwd,
        env=os.environ | {"DATABASE_URL": url_of(engine)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(run: Run, words: str) -> str:
    """Return what ``run`` says, up to the line with ``words``."""
    said = ""
    for line in run.stdout or ():
        said += line
        if words in line:
            return said
    raise AssertionError(f"never said {words!r}:\n{said}")


def finish(run: Run, *, expect: int) -> str:
    """Return what ``run`` says to its end, and see that it exits with ``expect``."""
    said, _ = run.communicate(timeout=120)
    assert run.returncode == expect, said
    return said
