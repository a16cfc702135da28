"""A pooler between the tests and their server: pgbouncer, the real tool."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import URL

# Debian puts it where only root looks.
PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed")

_INI = """\
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
{settings}
"""


@contextmanager
def pgbouncer(server: URL, **settings: str | int) -> Iterator[URL]:
    """Yield the URL of a pooler in front of the database of ``server``."""
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as directory, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        taken.close()
        Path(directory).chmod(0o755)
        ini = Path(directory, "pgbouncer.ini")
        lines = [f"{name} = {value}" for name, value in settings.items()]
        ini.write_text(
            _INI.format(server=_server(server), port=port, settings="\n".join(lines)),
        )
        process = subprocess.Popen(
            [str(PROGRAM), "--quiet", str(ini)],
            user=_user(server),
            stderr=subprocess.PIPE,
        )
        try:
            _wait_for(port)
            yield server.set(host="127.0.0.1", port=port, query={})
        finally:
            process.terminate()
            process.communicate()


def _user(server: URL) -> int | None:
    """Return who is to run it in root's place: it refuses to be root, and needs the socket."""
    if os.geteuid() != 0:
        return None
    directory = server.query.get("host")
    return Path(str(directory)).stat().st_uid if directory else pwd.getpwnam("nobody").pw_uid


def _server(url: URL) -> str:
    """Return how pgbouncer reaches the server of ``url``."""
    found = {
        "host": url.host or url.query.get("host"),
        "port": url.port,
        "user": url.username,
        "password": url.password,
    }
    return " ".join(f"{name}='{value}'" for name, value in found.items() if value is not None)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError("pgbouncer does not answer")
