"""A model that cannot be built: one message that names it, and no traceback."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.commands import copy_checkout, run_alembic, url_of

BROKEN = {
    "index on a missing column": (
        '            "owner_id",\n',
        '            "landlord_id",\n',
        ("landlord_id", "teams"),
    ),
    "bad SQL in a CHECK": (
        "    __table_args__ = (",
        '    __table_args__ = (CheckConstraint("name <>", name="name"),',
        ("syntax error", "teams"),
    ),
}


@pytest.mark.parametrize(("old", "new", "named"), BROKEN.values(), ids=BROKEN)
def test_broken_model_is_named(
    old: str, new: str, named: tuple[str, ...], migrated_engine: Engine, tmp_path: Path
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    model = checkout / "app" / "models" / "team_model.py"
    source = model.read_text()
    assert old in source
    source = source.replace("from sqlalchemy import ", "from sqlalchemy import CheckConstraint, ")
    model.write_text(source.replace(old, new))
    result = run_alembic("check", cwd=checkout, DATABASE_URL=url_of(migrated_engine))
    said = result.stdout + result.stderr
    assert result.returncode != 0
    assert "Traceback" not in said
    for word in named:
        assert word in said
