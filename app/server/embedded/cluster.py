"""One data directory of the embedded PostgreSQL server: making, starting and stopping it.

The directory holds ``data``, PostgreSQL's own; ``server.log``, the running server's messages; and
``server.lock``, which the server keeps locked as long as any of its processes lives. The callers
see to it that only one process at a time does something here.
"""

import contextlib
import os
import shlex
import shutil
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from .install import EmbeddedServerError, is_root, run, server_account
from .locks import locked, locked_if_free, wait_until_free

DATABASE = "creativeflow"
SUPERUSER = "postgres"
PORT = "5432"
# How long a server may take to start or to stop.
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Cluster:
    """The data directory ``directory`` of PostgreSQL ``version``."""

    directory: Path
    version: int

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """The messages of the server that runs, or ran last."""
        return self.directory / "server.log"

    @property
    def socket_dir(self) -> Path:
        """Where the server's socket is; known once there is a cluster.

        Short and without spaces, as the path of a socket has 107 bytes at most. A cluster made
        anew at the same place gets another one: the old server, its data gone, may live on for
        a minute and then removes its socket.
        """
        made = (self.data / "PG_VERSION").stat().st_mtime_ns
        key = sha256(f"{self.data}\n{made}".encode(errors="surrogateescape")).hexdigest()[:12]
        # Not TMPDIR: that differs between processes and may be long or closed to others.
        return Path(f"/tmp/creativeflow-{server_account()[0]}-{key}")  # noqa: S108

    def is_alive(self) -> bool:
        """Tell whether a process of the server lives."""
        with locked_if_free(self.directory / "server.lock") as free:
            return not free

    def initialise(self, control: int) -> None:
        """Make the cluster unless it exists; ``control`` stays open as long as initdb runs."""
        if self.data.exists():
            found = (self.data / "PG_VERSION").read_text().strip()
            if found != str(self.version):
                raise EmbeddedServerError(
                    f"{self.data} belongs to PostgreSQL {found}, not {self.version};"
                    " nothing was changed.\nUse another directory, or remove this one."
                )
            return
        # An interrupted initdb leaves only this behind.
        unfinished = self.directory / "data.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        _make_private(unfinished)
        initdb = run(
            "initdb",
            *("--pgdata", str(unfinished), "--username", SUPERUSER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"),
            version=self.version,
            pass_fds=(control,),
        )
        if initdb.returncode:
            raise EmbeddedServerError(
                f"initdb failed: {_last_lines(initdb.stderr)}\nUse another directory."
            )
        unfinished.rename(self.data)

    def ensure_running(self, settings: Mapping[str, str]) -> None:
        """Start the server with ``settings`` unless it runs and can be reached."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.is_alive():
            status = run("pg_isready", *self._host(), version=self.version)
            if status.returncode == 0:
                _check_private(self.socket_dir)
                return
            # 1: it is starting. Else its socket is gone, as when somebody cleaned up /tmp.
            if status.returncode != 1:
                self.stop()
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"The server of {self.directory} neither answers nor stops.\n"
                    f"Its messages are in {self.log}."
                )
            time.sleep(0.05)
        self._start(settings)

    def ensure_database(self) -> None:
        """Make the database of the running server unless it exists."""
        account = (*self._host(), "--username", SUPERUSER)
        query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608
        found = run(
            "psql",
            *(*account, "--no-psqlrc", "--tuples-only", "--command", query, "postgres"),
            version=self.version,
        )
        if found.returncode == 0 and "1" not in found.stdout:
            found = run("createdb", *account, DATABASE, version=self.version)
        if found.returncode:
            raise EmbeddedServerError(f"No database {DATABASE}: {_last_lines(found.stderr)}")

    def wait_for_end(self) -> None:
        """Return as soon as no process of the server lives."""
        # One that is ended before this asks for its lock may have left no directory.
        with contextlib.suppress(FileNotFoundError):
            wait_until_free(self.directory / "server.lock")

    def last_words(self) -> str:
        """Return the end of what the server said."""
        try:
            return _last_lines(self.log.read_text(errors="replace"))
        except FileNotFoundError:
            return "its directory was removed"

    def stop(self) -> None:
        """Stop the server and remove its socket directory."""
        options = ("--silent", "--mode", "fast", "--timeout", str(PATIENCE_SECONDS))
        deadline = time.monotonic() + PATIENCE_SECONDS
        # More than once: a server that has only begun to start cannot be told to stop yet.
        while self.is_alive():
            if time.monotonic() > deadline:
                return
            run("pg_ctl", "stop", *options, version=self.version, env=self._env())
            time.sleep(0.01)
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _start(self, settings: Mapping[str, str]) -> None:
        self._clean_up_after_kill()
        _make_private(self.socket_dir)
        values = {
            **settings,
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": str(self.socket_dir),
        }
        options = [word for name, value in values.items() for word in ("-c", f"{name}={value}")]
        log = self.log
        with (
            locked(self.directory / "server.lock") as server,
            open(log, "w", opener=_private_opener) as messages,
        ):
            started = run(
                "pg_ctl",
                *("start", "--silent", "--timeout", str(PATIENCE_SECONDS)),
                *("--options", shlex.join(["-D", str(self.data), *options])),
                version=self.version,
                env=self._env(),
                stdout=messages,
                stderr=messages,
                pass_fds=(server,),
            )
        if started.returncode:
            shutil.rmtree(self.socket_dir, ignore_errors=True)
            raise EmbeddedServerError(
                f"The embedded server did not start: {self.last_words()}\n"
                f"Its messages are in {log}."
            )

    def _clean_up_after_kill(self) -> None:
        """Remove what a killed server leaves, and the next one may refuse to start with.

        PostgreSQL takes the old server for alive if there is a process with its number: another
        one's after a reboot, or its own in a container where nobody reaps dead processes.
        """
        pid_file = self.data / "postmaster.pid"
        # The caller knows that the server is gone. One that was started by hand is not ours.
        if (
            pid_file.exists()
            and str(self.socket_dir) in pid_file.read_text().splitlines()
            and run("pg_isready", *self._host(), version=self.version).returncode == 2
        ):
            pid_file.unlink()
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _host(self) -> tuple[str, ...]:
        return "--host", str(self.socket_dir), "--port", PORT

    def _env(self) -> dict[str, str]:
        # pg_ctl's argument would go through a shell, badly quoted.
        return {"PGDATA": str(self.data)}


def _make_private(directory: Path) -> None:
    """Make ``directory``, which the server's user alone may enter, unless it exists."""
    directory.mkdir(mode=0o700, exist_ok=True)
    if is_root() and directory.lstat().st_uid == 0:
        os.chown(directory, *server_account(), follow_symlinks=False)
    _check_private(directory)


def _check_private(directory: Path) -> None:
    status = directory.lstat()
    if (
        not stat.S_ISDIR(status.st_mode)
        or status.st_uid != server_account()[0]
        or stat.S_IMODE(status.st_mode) & 0o077
    ):
        raise EmbeddedServerError(
            f"{directory} is not a private directory of the server's user.\n"
            "Remove it, and try again."
        )


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _last_lines(messages: str) -> str:
    """Return the end of what a program or the server said, without pg_ctl's own words."""
    lines = [
        # Without the server's time and process number.
        (line.partition("] ")[2] or line).strip()
        for line in messages.splitlines()
        if line.strip() and not line.startswith(("pg_ctl:", "Examine the log output"))
    ]
    return " / ".join(lines[-3:]) or "it said nothing"
