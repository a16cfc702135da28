"""Every change of the models: autogenerate, up, down and up again, each time exactly."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from app.autogenerate.compare import compare, describe
from app.autogenerate.scratch import scratch_snapshot
from app.autogenerate.snapshot import Snapshot, snapshot
from tests.autogenerate.changes import CHANGES
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to

SCHEMA = "public"


def difference(expected: Snapshot, found: Snapshot) -> str:
    return describe(compare(expected, found), expected="expected", found="found")


@pytest.mark.parametrize("name", CHANGES)
def test_round_trip_is_exact(
    name: str, connection: Connection, make_config: Callable[[str], Config], tmp_path: Path
) -> None:
    config = writing_to(tmp_path, make_config(""))
    config.attributes["connection"] = connection

    def autogenerate() -> list[Path]:
        command.revision(config, name, autogenerate=True, version_path=str(tmp_path))
        return list(tmp_path.glob("*.py"))

    with fresh_metadata() as metadata:
        CHANGES[name](metadata)
        before = snapshot(connection, SCHEMA)
        written = autogenerate()
        assert len(written) == 1
        assert "app." not in written[0].read_text()

        command.upgrade(config, "head")
        command.check(config)
        after = snapshot(connection, SCHEMA)
        assert difference(scratch_snapshot(connection, metadata), after) == ""

        command.downgrade(config, "-1")
        assert difference(before, snapshot(connection, SCHEMA)) == ""

        command.upgrade(config, "head")
        assert difference(after, snapshot(connection, SCHEMA)) == ""
        assert autogenerate() == written


def test_at_least_sixty_changes() -> None:
    assert len(CHANGES) >= 60
