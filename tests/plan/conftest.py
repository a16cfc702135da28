"""What the tests of the plan share."""

from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from tests.plan.planner import Planner


@pytest.fixture
def planner(migrated_engine: Engine, server_url: URL, tmp_path: Path) -> Planner:
    """Plans for a database at head of the test's own."""
    return Planner(migrated_engine, server_url, tmp_path)
