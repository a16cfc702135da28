"""Fixtures for runs of migrations that are not the project's own."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from tests.runner.database import execute
from tests.runner.revisions import Revisions
from tests.support.databases import ROOT, make_config


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    """Revisions after the project's newest, for a test to add to."""
    return Revisions(tmp_path / "more versions")


@pytest.fixture
def config_for(revisions: Revisions) -> Callable[[Engine], Config]:
    """Give Alembic's configuration for a database, with the test's own revisions."""

    def configure(engine: Engine) -> Config:
        config = make_config(engine)
        config.set_main_option("version_locations", f"{ROOT / 'versions'}\n{revisions.directory}")
        return config

    return configure


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests short; they choose what they need beyond that."""
    monkeypatch.setenv("DATABASE_LOCK_TIMEOUT", "300ms")
    monkeypatch.setattr("app.runner.migrate.FIRST_PAUSE_SECONDS", 0.1)


@pytest.fixture(scope="session")
def server_place() -> Iterator[Path]:
    """A directory that a server's user can reach, unlike root's ``tmp_path``."""
    path = Path(tempfile.mkdtemp(prefix="runner-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def guest_engine(empty_engine: Engine) -> Iterator[Engine]:
    """The empty database, used by somebody who may not create anything there."""
    name = f"guest_of_{empty_engine.url.database}"
    execute(empty_engine, f"CREATE ROLE {name} LOGIN PASSWORD 'guest'")
    yield create_engine(empty_engine.url.set(username=name, password="guest"), poolclass=NullPool)
    execute(empty_engine, f"DROP OWNED BY {name}", f"DROP ROLE {name}")
