"""What the tests of others' models share: one database, a schema for each case."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.autogenerate.foreign.project import Project
from tests.support.databases import Databases

Begin = Callable[..., Project]
_numbers = count(1)


@pytest.fixture(scope="session")
def foreign_engine(databases: Databases) -> Iterator[Engine]:
    with databases.create() as engine:
        yield engine


@pytest.fixture
def begin(foreign_engine: Engine, tmp_path: Path) -> Begin:
    """Begin a project in a schema of its own; options are those of ``context.configure``."""

    def begin(**options: Any) -> Project:
        number = next(_numbers)
        return Project(tmp_path / str(number), foreign_engine, f"case_{number}", **options)

    return begin
