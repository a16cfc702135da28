"""What the tests of autogenerate share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to

Autogenerate = Callable[[Callable[[MetaData], object]], str]


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


@pytest.fixture
def autogenerate(config: Config, tmp_path: Path) -> Autogenerate:
    """Autogenerate after a change of the models, and return the text of the file."""

    def run(change: Callable[[MetaData], object]) -> str:
        with fresh_metadata() as metadata:
            change(metadata)
            command.revision(config, "change", autogenerate=True, version_path=str(tmp_path))
        return "\n".join(path.read_text() for path in tmp_path.glob("*.py"))

    return run
