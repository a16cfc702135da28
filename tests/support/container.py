"""A PostgreSQL server in a container, if Docker is there and starts one soon."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from tests.support.databases import ROOT

# How long Docker may work without a sign of progress, and how long a reason may be.
PATIENCE_SECONDS = 15
REASON_LENGTH = 200
# What tells where Docker is, if not DOCKER_HOST.
TRACES = ("/var/run/docker.sock", "~/.docker/config.json", "~/.testcontainers.properties")


class NoContainerError(Exception):
    """No container could be started; the message is the reason, on one line."""


@dataclass(frozen=True)
class Container:
    """The server in a container: its superuser's URL, and the process that keeps it."""

    url: str
    keeper: subprocess.Popen[str]

    def stop(self) -> None:
        """Remove the container; a Docker that takes long does it later."""
        _tell_unwanted(self.keeper)
        with suppress(subprocess.TimeoutExpired):
            self.keeper.wait(PATIENCE_SECONDS)


def docker_may_be_there() -> bool:
    """Tell whether it is worth the second that asking takes."""
    traces = any(Path(trace).expanduser().exists() for trace in TRACES)
    return traces or "DOCKER_HOST" in os.environ or os.name == "nt"


def start(image: str, settings: Mapping[str, str]) -> Container:
    """Start a server with ``settings`` in a container of ``image``.

    Raises NoContainerError in seconds if that does not work. Whatever Docker has started by then,
    or starts yet, is removed.
    """
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.support.container_keeper", image]
        + [f"{name}={value}" for name, value in settings.items()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # Ctrl-C is meant for the tests; the keeper ends after them.
        start_new_session=True,
    )
    lines: Queue[str] = Queue()

    def read() -> None:
        for line in keeper.stdout or ():
            lines.put(line)
        lines.put("failed it ended without a reason")

    Thread(target=read, daemon=True).start()
    doing = "starting"
    while True:
        try:
            kind, _, text = lines.get(timeout=PATIENCE_SECONDS).strip().partition(" ")
        except Empty:
            kind, text = "failed", f"no answer for {PATIENCE_SECONDS} s while {doing}"
        if kind == "url":
            return Container(text, keeper)
        if kind == "failed":
            _tell_unwanted(keeper)
            raise NoContainerError(text[:REASON_LENGTH])
        if text.startswith("pulling") and not doing.startswith("pulling"):
            print(text, file=sys.stderr)  # It may take minutes.
        doing = text


def _tell_unwanted(keeper: subprocess.Popen[str]) -> None:
    if keeper.stdin:
        keeper.stdin.close()
