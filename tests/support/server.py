"""The PostgreSQL server that the tests run on."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url

from app.server.embedded import server as embedded_server
from tests.support.databases import ROOT

# A crash loses nothing that a test run needs.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
MEMORY = Path("/dev/shm")  # noqa: S108 - the server checks who owns its directories
ROOM_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class TestServer:
    """An administrator's URL on the server, and where the server came from."""

    __test__ = False

    url: URL
    origin: str

    def describe(self) -> str:
        """Return one line with the server's version and origin."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        engine.dispose()
        return f"PostgreSQL {version} ({self.origin})"


def find_server(config: pytest.Config, version: int) -> TestServer:
    """Return ``TEST_DATABASE_URL``'s server, else one in Docker, else the embedded one."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return TestServer(psycopg2_url(given), os.environ.get("TEST_ORIGIN", "TEST_DATABASE_URL"))
    server = _in_docker(config, version) or _embedded(config, version)
    # The workers of pytest-xdist use the server of the process that starts them.
    os.environ["TEST_DATABASE_URL"] = server.url.render_as_string(hide_password=False)
    os.environ["TEST_ORIGIN"] = server.origin
    return server


def psycopg2_url(url: str) -> URL:
    """Return ``url`` with the driver that the tests use."""
    return make_url(url).set(drivername="postgresql+psycopg2")


def _in_docker(config: pytest.Config, version: int) -> TestServer | None:
    import docker  # slow to import, and needed here only

    try:
        docker.from_env(timeout=2).ping()
    except docker.errors.DockerException:
        return None
    from testcontainers.postgres import PostgresContainer

    container = PostgresContainer(f"postgres:{version}", driver="psycopg2")
    container.start()
    config.add_cleanup(container.stop)
    return TestServer(psycopg2_url(container.get_connection_url()), f"testcontainers {version}")


def _embedded(config: pytest.Config, version: int) -> TestServer:
    data_dir = _data_dir(version)
    url = embedded_server.start(data_dir, version=version, settings=FAST)

    def stop() -> None:
        if embedded_server.release(data_dir, version=version) and data_dir.is_relative_to(MEMORY):
            shutil.rmtree(data_dir)

    config.add_cleanup(stop)
    return TestServer(psycopg2_url(url), f"embedded {version}")


def _data_dir(version: int) -> Path:
    """Return a directory in memory, where it has room; databases are made faster there."""
    default = embedded_server.default_data_dir(version).with_name(f"test-{version}")
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return default
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return MEMORY / f"creativeflow-{os.geteuid()}-{checkout}-test-{version}"
