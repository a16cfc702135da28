"""A PostgreSQL server on TCP that asks everybody for a password."""

import os
import shutil
import socket
import tempfile
from pathlib import Path

import psycopg2

from app.server.embedded.install import is_root, run, server_account
from tests.support.server import FAST


class TcpServer:
    """A server of its own with the superuser postgres; it runs until ``stop``."""

    def __init__(self, password: str) -> None:
        self.password = password
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        # One that the server's user can reach, unlike root's temporary directories.
        self._place = Path(tempfile.mkdtemp(prefix="server-"))
        secret = self._place / "password"
        secret.write_text(password)
        if is_root():
            for path in (self._place, secret):
                os.chown(path, *server_account())
        made = ("--username", "postgres", "--pwfile", str(secret), "--auth", "scram-sha-256")
        self._run("initdb", *made, "--encoding", "UTF8", "--locale", "C", "--no-sync")
        settings = {**FAST, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        log = str(self._place / "log")
        self._run("pg_ctl", "start", "--log", log, "--options", f"-p {self.port} {options}")

    def set_password(self, password: str) -> None:
        """Ask for ``password`` from now on."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user="postgres", password=self.password
        )
        with connection, connection.cursor() as cursor:
            cursor.execute("ALTER ROLE postgres PASSWORD %s", (password,))
        connection.close()
        self.password = password

    def stop(self) -> None:
        """Stop the server and remove its data."""
        self._run("pg_ctl", "stop", "--mode", "immediate")
        shutil.rmtree(self._place)

    def _run(self, program: str, *arguments: str) -> None:
        with (self._place / "messages").open("a") as messages:
            done = run(
                program,
                *("--pgdata", str(self._place / "data"), *arguments),
                version=16,
                # The server would keep a pipe open.
                stdout=messages,
                stderr=messages,
            )
        assert done.returncode == 0, (self._place / "messages").read_text()
