"""Every change of the models: autogenerate, up, down and up again, each time exactly."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.catalog.differences import compare, describe
from app.catalog.snapshot import Snapshot
from tests.autogenerate.changes import CHANGES, earlier_than
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to
from tests.runner.database import catalog_of
from tests.support.thinned import one_in


def difference(expected: Snapshot, found: Snapshot) -> str:
    return describe(compare(expected, found), expected="expected", found="found")


# What a change may need outside of the schema.
OUTSIDE = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far_away FOREIGN DATA WRAPPER w"


@pytest.mark.parametrize("name", [one_in(4, name) for name in CHANGES])
def test_round_trip_is_exact(
    name: str, migrated_engine: Engine, make_config: Callable[[str], Config], tmp_path: Path
) -> None:
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = migrated_engine

    def autogenerate() -> list[Path]:
        command.revision(config, name, autogenerate=True, version_path=str(tmp_path))
        return sorted(tmp_path.glob("*.py"))

    with migrated_engine.begin() as connection:
        connection.exec_driver_sql(OUTSIDE)
    with fresh_metadata() as metadata:
        for earlier in reversed(list(earlier_than(name))):
            CHANGES[earlier](metadata)
            autogenerate()
            command.upgrade(config, "head")
        already = sorted(tmp_path.glob("*.py"))
        CHANGES[name](metadata)
        states = [catalog_of(migrated_engine)]
        written = autogenerate()
        assert written != already
        for path in written[len(already) :]:
            assert "import app" not in path.read_text()
            assert "from app" not in path.read_text()
            command.upgrade(config, "+1")
            states.append(catalog_of(migrated_engine))
        assert autogenerate() == written

        for before in reversed(states[:-1]):
            command.downgrade(config, "-1")
            assert difference(before, catalog_of(migrated_engine)) == ""

        command.upgrade(config, "head")
        assert difference(states[-1], catalog_of(migrated_engine)) == ""


def test_partition_made_between_two_revisions_gets_the_foreign_key_too(
    migrated_engine: Engine, make_config: Callable[[str], Config], tmp_path: Path
) -> None:
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = migrated_engine
    with fresh_metadata() as metadata:
        CHANGES["foreign_key_changed_on_partitioned_table"](metadata)
        command.revision(config, "key", autogenerate=True, version_path=str(tmp_path))
        command.upgrade(config, "+1")
        with migrated_engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE late PARTITION OF usage_logs"
                " FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')"
            )
        command.upgrade(config, "head")
        command.check(config)


def test_at_least_sixty_changes() -> None:
    assert len(CHANGES) >= 60
