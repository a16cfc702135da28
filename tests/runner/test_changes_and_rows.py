"""A change that rows stop, up or down, leaves nothing looser, stricter or slower than it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Engine

from app.catalog.differences import compare, describe
from tests.autogenerate.revisions import writing_to
from tests.runner.changes_and_rows import CASES, State, try_out

# Drawn once from all of them.
SAMPLE = ("foreign key on a partitioned table to another table", "value added, another removed")


@pytest.fixture(autouse=True)
def _remember_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGENERATE_CACHE", "off")


def assert_same(was: State, now: State) -> None:
    assert describe(compare(was.objects, now.objects), expected="was", found="now") == ""
    assert now == was


@pytest.mark.parametrize("misfits", ["stop", "skip"])
@pytest.mark.parametrize(
    "name",
    [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.fault) for name in CASES],
)
def test_nothing_is_left_worse(
    name: str,
    misfits: str,
    migrated_engine: Engine,
    make_config: Callable[[str], Config],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Rows that come in behind a guard are met as if it had not been asked.
    monkeypatch.setenv("DATABASE_MISFITS", misfits)
    case = CASES[name]
    line = try_out(case, migrated_engine, writing_to(tmp_path, make_config("")), tmp_path)
    for states in (line.stopped, line.undone, line.kept):
        for now in states[1:]:
            assert_same(states[0], now)
    before, _ = line.undone
    assert before.invalid_indexes == ()
    assert before.unchecked == ()
    assert sum(rows for table, rows in before.rows.items() if table.startswith("usage_logs"))


def test_at_least_forty_changes() -> None:
    assert len(CASES) >= 40
