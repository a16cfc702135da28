"""Models, migrations and offline script build one and the same catalog."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.catalog.differences import compare, describe
from app.catalog.snapshot import Snapshot
from app.models import Base
from tests.runner.database import catalog_of
from tests.support.commands import run_alembic
from tests.support.databases import ROOT
from tests.support.psql import psql


@pytest.fixture(scope="module")
def head(shared_engine: Engine) -> Snapshot:
    return catalog_of(shared_engine)


def test_models_build_what_the_migrations_build(head: Snapshot, empty_engine: Engine) -> None:
    Base.metadata.create_all(empty_engine)
    assert describe(compare(head, catalog_of(empty_engine))) == ""


def test_models_drop_what_they_create(empty_engine: Engine) -> None:
    before = catalog_of(empty_engine)
    Base.metadata.create_all(empty_engine)
    Base.metadata.drop_all(empty_engine)
    assert describe(compare(before, catalog_of(empty_engine))) == ""


def test_offline_script_builds_what_the_migrations_build(
    head: Snapshot, empty_engine: Engine
) -> None:
    script = run_alembic("upgrade", "head", "--sql")
    assert script.returncode == 0, script.stderr
    result = psql(empty_engine, script=script.stdout)
    assert result.returncode == 0
    assert "ERROR" not in result.stderr
    assert describe(compare(head, catalog_of(empty_engine))) == ""


REVISIONS = [
    revision.revision
    for revision in ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).walk_revisions()
]


@pytest.mark.parametrize("revision", REVISIONS)
def test_downgrade_restores_the_catalog_from_before_the_upgrade(
    revision: str, empty_engine: Engine, make_config: Callable[[Engine], Config]
) -> None:
    config = make_config(empty_engine)
    script = ScriptDirectory.from_config(config).get_revision(revision)
    assert script is not None
    before_revision = str(script.down_revision or "base")
    if before_revision != "base":
        command.upgrade(config, before_revision)
    before = catalog_of(empty_engine)
    command.upgrade(config, revision)
    assert describe(compare(before, catalog_of(empty_engine))) != ""
    command.downgrade(config, before_revision)
    assert describe(compare(before, catalog_of(empty_engine))) == ""
