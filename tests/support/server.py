"""The PostgreSQL server that the tests run on."""

import os
from dataclasses import dataclass

import pytest
from sqlalchemy import URL, create_engine, make_url

from app.db import embedded_server

# A crash loses nothing that a test run needs.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


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
    server = _in_docker(config, version) or _embedded(version)
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


def _embedded(version: int) -> TestServer:
    data_dir = embedded_server.default_data_dir(version).with_name(f"test-{version}")
    url = embedded_server.start(data_dir, version=version, settings=FAST)
    return TestServer(psycopg2_url(url), f"embedded {version}")
