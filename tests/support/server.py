"""The PostgreSQL server that the tests run on."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from app.server.embedded import server as embedded_server
from tests.support import container
from tests.support.databases import ROOT

# A crash loses nothing that a test run needs.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Several tests at once have subscriptions.
REPLICATING = {
    "wal_level": "logical",
    "max_replication_slots": "30",
    "max_wal_senders": "30",
    "max_logical_replication_workers": "30",
    "max_worker_processes": "40",
}
SERVERS = GIVEN, CONTAINER, EMBEDDED = "given", "container", "embedded"
MEMORY = Path("/dev/shm")  # noqa: S108 - the server checks who owns its directories
ROOM_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class TestServer:
    """An administrator's URL on the server, its version, and where it came from."""

    __test__ = False

    url: URL
    version: str
    origin: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"PostgreSQL {self.version} ({self.origin})"


def find_server(config: pytest.Config) -> TestServer:
    """Return the server that ``--server`` asks for, else the first of ``SERVERS`` that there is.

    Raises pytest.UsageError, with a line that says why, if there is none.
    """
    wanted = config.getoption("--server")
    is_given = wanted == GIVEN or (not wanted and os.environ.get("TEST_DATABASE_URL"))
    # The workers of pytest-xdist use the server of the process that starts them.
    if is_given or hasattr(config, "workerinput"):
        url, origin = _given(), os.environ.get("TEST_ORIGIN", "TEST_DATABASE_URL")
    else:
        url, origin = _start(config, wanted)
        os.environ["TEST_DATABASE_URL"] = url.render_as_string(hide_password=False)
        os.environ["TEST_ORIGIN"] = origin
    return TestServer(url, _version(url), origin)


def psycopg2_url(url: str) -> URL:
    """Return ``url`` with the driver that the tests use."""
    return make_url(url).set(drivername="postgresql+psycopg2")


def _version(url: URL) -> str:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    except OperationalError as error:
        raise pytest.UsageError(f"no server for the tests: {error.orig}") from None
    finally:
        engine.dispose()


def _given() -> URL:
    try:
        return psycopg2_url(os.environ.get("TEST_DATABASE_URL", ""))
    except (ArgumentError, ValueError):
        raise pytest.UsageError("TEST_DATABASE_URL is no URL of a database") from None


def _start(config: pytest.Config, wanted: str | None) -> tuple[URL, str]:
    """Start a server that stops after the tests; return its URL, and where it came from."""
    version = config.getoption("--postgres-version")
    image = f"postgres:{version}"
    origin = f"embedded {version}"
    if wanted == CONTAINER or (wanted != EMBEDDED and container.docker_may_be_there()):
        try:
            running = container.start(image, FAST)
        except container.NoContainerError as error:
            if wanted == CONTAINER:
                raise pytest.UsageError(f"no container of {image}: {error}") from None
            origin += f"; no container: {error}"
        else:
            config.add_cleanup(running.stop)
            return psycopg2_url(running.url), f"container of {image}"
    try:
        return _embedded(config, version), origin
    except embedded_server.EmbeddedServerError as error:
        raise pytest.UsageError(f"no server for the tests ({origin}): {error}") from None


def _embedded(config: pytest.Config, version: int) -> URL:
    data_dir = _data_dir(version)
    url = embedded_server.start(data_dir, version=version, settings=FAST | REPLICATING)

    def stop() -> None:
        if embedded_server.release(data_dir, version=version) and data_dir.is_relative_to(MEMORY):
            shutil.rmtree(data_dir)

    config.add_cleanup(stop)
    return psycopg2_url(url)


def _data_dir(version: int) -> Path:
    """Return a directory in memory, where it has room; databases are made faster there."""
    default = embedded_server.default_data_dir(version).with_name(f"test-{version}")
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return default
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return MEMORY / f"creativeflow-{os.geteuid()}-{checkout}-test-{version}"
