"""Running PostgreSQL's programs on a test database."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import Engine

from app.server.embedded.server import binary
from tests.support.commands import url_of
from tests.support.databases import ROOT


def programs(major: int) -> Path:
    """Return the directory of programs for a server of PostgreSQL ``major``.

    pg_dump refuses a server that is newer than itself; there are programs of 16 and 18.
    """
    return binary("psql", version=16 if major <= 16 else 18).parent


def psql(
    engine: Engine, *arguments: str, script: str = "", cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run psql on ``engine``'s database, with ``script`` as its input unless a file is given.

    ``environment`` is added to the process's own.
    """
    return subprocess.run(
        [binary("psql"), "--no-psqlrc", "--quiet", url_of(engine), *arguments],
        cwd=cwd,
        env=os.environ | environment,
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
