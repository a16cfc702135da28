"""Without a container, for whatever reason, the tests run on the embedded server in seconds."""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.suite.docker_daemon import POSTGRES, RYUK, Daemon, Fault, dying, failing, slow
from tests.suite.tcp_server import TcpServer
from tests.support import container
from tests.support.commands import run_python
from tests.support.databases import ROOT
from tests.support.server import psycopg2_url

LINKS = "tests/docs/test_links.py::test_map_leads_to_every_page_of_the_documentation"
# Without a sign of progress, where that is what is tried; and with all that comes before it.
PATIENCE = 5
SECONDS = 30


@pytest.fixture(scope="module")
def postgres() -> Iterator[TcpServer]:
    server = TcpServer("first")
    yield server
    server.stop()


@pytest.fixture
def daemon(postgres: TcpServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    # The path of a socket is short.
    with tempfile.TemporaryDirectory() as directory, Daemon(Path(directory), postgres) as daemon:
        monkeypatch.setenv("DOCKER_HOST", f"unix://{daemon.path}")
        # Or testcontainers looks for a way from one container into another.
        monkeypatch.setenv("TESTCONTAINERS_CONNECTION_MODE", "docker_host")
        monkeypatch.setenv("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
        yield daemon
        daemon.shutdown()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_server_in_a_container_serves_and_is_removed(daemon: Daemon) -> None:
    running = container.start(POSTGRES, {"fsync": "off"})
    engine = create_engine(psycopg2_url(running.url))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar() == "postgres"
    engine.dispose()
    assert daemon.started == [RYUK, POSTGRES]
    running.stop()
    assert daemon.containers == {}


def test_image_is_pulled_if_it_is_not_there(daemon: Daemon) -> None:
    daemon.images.clear()
    container.start(POSTGRES, {}).stop()
    assert daemon.images == {RYUK, POSTGRES}


def test_container_goes_with_tests_that_are_killed(daemon: Daemon) -> None:
    script = (
        "from tests.support.container import start\n"
        f"start({POSTGRES!r}, {{}})\n"
        "print('up', flush=True)\n"
        "input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as tests:
        assert tests.stdout
        assert tests.stdout.readline() == b"up\n"
        tests.send_signal(signal.SIGKILL)
    wait_until(lambda: not daemon.containers)


FAULTS: dict[str, tuple[str, Fault, str]] = {
    "ping that hangs": ("_ping", slow(60), "Read timed out"),
    "daemon that fails": ("_ping", failing("out of order"), "out of order"),
    "no image": (f"pull {POSTGRES}", failing("pull access denied"), "pull access denied"),
    "image that breaks off": (
        f"pull {POSTGRES}",
        lambda _: (200, {"error": "toomanyrequests: slow down"}),
        "toomanyrequests: slow down",
    ),
    "image that never comes": (f"pull {POSTGRES}", slow(60), "no answer for .* while asking"),
    "no ryuk": (f"pull {RYUK}", failing("ryuk: not found", 404), "ryuk: not found"),
    "ryuk that cannot start": (f"start {RYUK}", failing("no privileges"), "no privileges"),
    "no room": (f"create {POSTGRES}", failing("no space left"), "no space left"),
    "container that cannot start": (f"start {POSTGRES}", failing("no port"), "no port"),
    "container that dies": (f"start {POSTGRES}", dying, "container is exited: initdb: No space"),
    "container made late": (f"create {POSTGRES}", slow(PATIENCE + 2), "no answer for .* starting"),
    "container started late": (f"start {POSTGRES}", slow(PATIENCE + 2), "no answer for .* start"),
}


def with_patience(fault: str) -> object:
    """Leave what is only seen by waiting to the long run."""
    reason = FAULTS[fault][2]
    waits = reason.startswith("no answer") or reason == "Read timed out"
    return pytest.param(fault, marks=pytest.mark.long if waits else ())


@pytest.mark.parametrize("fault", list(map(with_patience, FAULTS)))
def test_fault_is_the_reason_in_seconds_and_leaves_no_container(
    daemon: Daemon, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, daemon.faults[call], reason = FAULTS[fault]
    if call.startswith("pull"):
        daemon.images.discard(call.split()[1])
    if reason.startswith("no answer"):
        monkeypatch.setattr(container, "PATIENCE_SECONDS", PATIENCE)
    began = time.monotonic()
    with pytest.raises(container.NoContainerError) as failure:
        container.start(POSTGRES, {})
    assert time.monotonic() - began < SECONDS
    assert re.search(reason, str(failure.value)), failure.value
    wait_until(lambda: not daemon.containers)


def test_header_says_why_there_is_no_container(daemon: Daemon) -> None:
    daemon.faults["_ping"] = failing("out of order")
    run = run_python("-m", "pytest", "--collect-only", LINKS, TEST_DATABASE_URL="")
    assert "(embedded 16; no container: out of order)" in run.stdout, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("server", "url", "complaint"),
    [
        ("given", "postgresql://postgres:hunter2@127.0.0.1:1/postgres", "Connection refused"),
        ("given", "postgresql://postgres:hunter2@127.0.0.1:port/postgres", "is no URL of a"),
        ("container", "", "no container of postgres:16: .*No such file"),
    ],
)
def test_without_the_server_asked_for_a_line_says_why(
    server: str, url: str, complaint: str
) -> None:
    run = run_python(
        *("-m", "pytest", "--server", server, LINKS),
        TEST_DATABASE_URL=url,
        DOCKER_HOST="unix:///nonexistent/docker.sock",
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert re.match(f"ERROR: .*{complaint}", run.stderr), run.stderr
    assert "hunter2" not in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
