"""Tab completion, by pressing the key in a shell."""

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.__main__ import main
from app.installation import COMMAND
from tests.support.commands import run_command
from tests.support.databases import ROOT

PATIENCE_SECONDS = 60
INTERACTIVE = {"bash": ("--norc", "--noprofile", "-i"), "zsh": ("-f", "-i")}
# As docs/command.md says; then the command is one that prints its words.
SWITCH_ON = {
    "bash": "source {directory}/creativeflow-schema",
    "zsh": "fpath=({directory} $fpath); autoload -U compinit; compinit -u -D",
}
FILES = {"bash": COMMAND, "zsh": f"_{COMMAND}"}
PRINT_WORDS = COMMAND + "() { printf '<%s>' \"$@\"; echo; }"
COMPLETED = {
    "par": "partitions",
    "partitions rep": "partitions report",
    "partitions report --for": "partitions report --format",
    "partitions report --format js": "partitions report --format json",
    "partitions retire --rais": "partitions retire --raiseerr",
    "lint --format m": "lint --format markdown",
    "server --ver": "server --version",
    "completion z": "completion zsh",
    "upg": "upgrade",
    "upgrade --sq": "upgrade --sql",
    "upgrade hea": "upgrade head",
    "downgrade ba": "downgrade base",
    "stamp --pur": "stamp --purge",
    "revision --auto": "revision --autogenerate",
    "-n staging -x url=postgresql://me@db:5432/x ens": (
        "-n staging -x url=postgresql://me@db:5432/x ensure_version"
    ),
    "heads --config alem": "heads --config alembic.ini",
    "-c alem": "-c alembic.ini",
}


class Shell:
    """A shell at a terminal."""

    def __init__(self, name: str) -> None:
        self.terminal, other_end = pty.openpty()
        # A line that is wider than the terminal is drawn in pieces.
        fcntl.ioctl(other_end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 250, 0, 0))
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.process = subprocess.Popen(
            [name, *INTERACTIVE[name]],
            cwd=ROOT,
            env=os.environ | {"PATH": path, "TERM": "dumb", "HISTFILE": ""},
            stdin=other_end,
            stdout=other_end,
            stderr=other_end,
            start_new_session=True,
        )
        os.close(other_end)

    def shows(self, expected: str, *, after: str) -> None:
        """Type the keys ``after``, and wait until the terminal shows ``expected``."""
        os.write(self.terminal, after.encode())
        shown = ""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while expected not in shown:
            assert time.monotonic() < deadline, shown
            if select.select([self.terminal], [], [], 0.1)[0]:
                shown += os.read(self.terminal, 65_536).decode(errors="replace")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture(scope="module", params=INTERACTIVE)
def shell(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shell]:
    name = str(request.param)
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    directory = tmp_path_factory.mktemp("completion")
    (directory / FILES[name]).write_text(run_command("completion", name).stdout)
    shell = Shell(name)
    shell.shows("42\r", after=f"{SWITCH_ON[name].format(directory=directory)}; echo $((6 * 7))\n")
    shell.shows("42\r", after=f"{PRINT_WORDS}; echo $((6 * 7))\n")
    yield shell
    shell.close()


@pytest.mark.parametrize(("typed", "completed"), COMPLETED.items())
def test_tab_completes(shell: Shell, typed: str, completed: str) -> None:
    words = "".join(f"<{word}>" for word in completed.split())
    shell.shows(f"{words}\r", after=f"{COMMAND} {typed}\t\n")


def test_library_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert capsys.readouterr().err.endswith("Install it: pip install shtab\n")
