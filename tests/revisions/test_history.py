"""The history as a whole: pytest-alembic's tests, and that nothing hides in it.

Its experimental test that a downgrade leaves no trace does not run on SQLAlchemy 2.1;
test_same_catalog.py compares more than it would.
"""

import re
from collections.abc import Callable

import pytest
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, text

from app.revisions.numbers import HEAD_FILE
from tests.support.databases import ROOT

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]

VERSIONS = ROOT / "versions"
EVERYTHING = text("""
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
    ORDER BY 1
""")


@pytest.fixture
def alembic_config() -> Config:
    return Config(ROOT / "alembic.ini")


@pytest.fixture
def alembic_engine(empty_engine: Engine) -> Engine:
    return empty_engine


def test_downgrade_to_base_leaves_only_the_version_table(
    migrated_engine: Engine, make_config: Callable[[Engine], Config]
) -> None:
    command.downgrade(make_config(migrated_engine), "base")
    with migrated_engine.connect() as connection:
        left = list(connection.scalars(EVERYTHING))
        assert left == [
            "_alembic_version",
            "alembic_version",
            "alembic_version",
            "alembic_version_pkc",
        ]
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 0


def test_second_upgrade_changes_nothing(
    migrated_engine: Engine, make_config: Callable[[Engine], Config]
) -> None:
    def newest_change() -> object:
        with migrated_engine.connect() as connection:
            return connection.scalar(text("SELECT max(xmin::text::bigint) FROM pg_class"))

    before = newest_change()
    command.upgrade(make_config(migrated_engine), "head")
    assert newest_change() == before


def test_head_file_names_the_newest_revision() -> None:
    head = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_revision("head")
    assert head is not None
    stem = re.sub(r"\.py$", "", head.path.rsplit("/", 1)[-1])
    assert (VERSIONS / HEAD_FILE).read_text() == f"{stem}\n"


def test_revisions_are_numbered_without_gap_or_repetition() -> None:
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_operations_of_migrations_are_there() -> None:
    # For mypy is told not to look: Alembic's type stubs do not know those of the project's own.
    for path in VERSIONS.glob("*.py"):
        called = re.findall(r"\bop\.(\w+)", path.read_text())
        assert [name for name in called if not hasattr(op, name)] == [], path.name


def test_migrations_import_only_alembic_and_sqlalchemy() -> None:
    allowed = {"alembic", "sqlalchemy", "typing"}
    for path in VERSIONS.glob("*.py"):
        imports = re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE)
        assert set(imports) <= allowed, path.name
