"""What the tests of autogenerate share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Connection

from tests.autogenerate.revisions import writing_to


@pytest.fixture(scope="session", autouse=True)
def _remember_in_a_directory_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep remembered snapshots out of the user's cache, and the tests off what it holds."""
    patch = pytest.MonkeyPatch()
    patch.setenv("AUTOGENERATE_CACHE", str(tmp_path_factory.mktemp("remembered")))


@pytest.fixture
def config(connection: Connection, make_config: Callable[[str], Config], tmp_path: Path) -> Config:
    """Alembic on the shared database, in a transaction; revisions go to ``tmp_path``."""
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = connection
    return config
