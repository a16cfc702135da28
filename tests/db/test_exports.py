"""Modules of models that nobody imports are found, and what is not exported is said."""

import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

import app.models
from app.db.exports import forgotten_exports, import_modules
from tests.support.databases import make_config


@pytest.fixture
def config(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Alembic, for models that forget to export two names."""
    exported = [name for name in app.models.__all__ if name not in ("TeamMember", "TeamRole")]
    monkeypatch.setattr(app.models, "__all__", exported)
    config = make_config("")
    config.attributes["connection"] = connection
    return config


def test_module_that_nobody_imports_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nobodys").mkdir()
    for name in ("__init__", "one", "two"):
        (tmp_path / f"nobodys/{name}.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    import_modules("nobodys", [str(tmp_path / "nobodys")])
    assert {name for name in sys.modules if name.startswith("nobodys.")} == {
        "nobodys.one",
        "nobodys.two",
    }


def test_check_says_what_is_not_exported_and_where(config: Config) -> None:
    with pytest.raises(CommandError) as told:
        command.check(config)
    what, nothing = str(told.value).splitlines()
    file, line, said = what.split(":", 2)
    assert Path(file).read_text().splitlines()[int(line) - 1] == "__all__ = ["
    assert said == (
        " not exported: from .team_member_model import TeamMember, TeamRole, "
        "and the same in __all__"
    )
    assert nothing == "Nothing was compared."


def test_autogenerate_says_it_and_goes_on(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    command.revision(config, "change", autogenerate=True)
    assert "not exported: from .team_member_model import TeamMember, TeamRole" in caplog.text


def test_nothing_is_forgotten() -> None:
    assert forgotten_exports("app.models", app.models.Base) == []
