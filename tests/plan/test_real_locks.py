"""What the plan says of locks is what the upgrade takes: seen in pg_locks while it runs."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import URL, Engine

from tests.autogenerate.changes import CHANGES, earlier_than
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to
from tests.plan.planner import Planner, strong_locks
from tests.plan.upgrade_watch import UpgradeWatch
from tests.support.databases import make_config

# Drawn once from all of them that stay in their transactions: what works outside of one shows its
# locks only while it waits for them, which the watch on a busy machine misses now and then.
SAMPLE = (
    "foreign_key_changed_on_partitioned_table",
    # The plan has to do without the size of one that was never filled.
    "materialized_view_filled",
    "several_properties_of_one_column_changed",
    "type_changed_with_default",
)


# The scratch database of the plan has no foreign server, which is the database's, not the schema's.
ELSEWHERE = {
    "foreign_table_added",
    "options_of_foreign_column_changed",
    "options_of_foreign_column_dropped",
}


@pytest.mark.parametrize(
    "name",
    [
        name if name in SAMPLE else pytest.param(name, marks=pytest.mark.fault)
        for name in CHANGES
        if name not in ELSEWHERE
    ],
)
def test_locks_are_told_beforehand(
    name: str,
    migrated_engine: Engine,
    server_url: URL,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOGENERATE_CACHE", "off")
    planner = Planner(migrated_engine, server_url, tmp_path)
    with fresh_metadata() as metadata:
        for earlier in reversed(list(earlier_than(name))):
            CHANGES[earlier](metadata)
            command.revision(planner.config, earlier, autogenerate=True, version_path=str(tmp_path))
            planner.upgrade()
        CHANGES[name](metadata)
        command.revision(planner.config, name, autogenerate=True, version_path=str(tmp_path))
    upgrade = writing_to(tmp_path, make_config(""))
    upgrade.attributes["connection"] = migrated_engine
    for revision in planner.plan().revisions:
        alone = any(statement.alone for statement in revision.statements)
        told = {
            lock
            for statement in revision.statements
            if not statement.effects.depends_on_rows
            for lock in strong_locks(statement)
        }
        with UpgradeWatch(migrated_engine).watching(writing=alone) as seen:
            command.upgrade(upgrade, revision.id)
        assert seen == told, revision.title
