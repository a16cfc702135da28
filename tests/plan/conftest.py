"""What the tests of the plan share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from tests.plan.planner import Planner
from tests.support.databases import Databases


@pytest.fixture
def planner(migrated_engine: Engine, server_url: URL, tmp_path: Path) -> Planner:
    """Plans for a database at head of the test's own."""
    return Planner(migrated_engine, server_url, tmp_path)


@pytest.fixture(scope="module")
def shared_planner(
    databases: Databases, template: str, server_url: URL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planner]:
    """Plans for a database at head that the tests of a module share."""
    with databases.create(template) as engine:
        yield Planner(engine, server_url, tmp_path_factory.mktemp("planned"))
