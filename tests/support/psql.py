"""Running psql on a test database."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import Engine

from app.server.embedded.server import binary
from tests.support.commands import url_of
from tests.support.databases import ROOT


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
