"""A project as ``alembic init`` makes it, with the lines of docs/autogenerate-elsewhere.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.databases import ROOT

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table(
    "a", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Enum("x", "y", name="kind"), index=True),
    {more}
)
"""


def adopted(env: str) -> str:
    """Return ``env``, as Alembic writes it, changed as the guide says."""
    guide = (ROOT / "docs" / "autogenerate-elsewhere.md").read_text("utf-8")
    block = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert block is not None
    imported, call = block[1].replace("creativeflow_schema.", "app.").split("\n\n", 1)
    changed = re.sub(
        r" +context\.configure\(\n +connection=connection.*?\n +\)\n", call, env, flags=re.DOTALL
    )
    assert changed != env
    models = "from models import metadata as target_metadata"
    return f"{imported}\n" + changed.replace("target_metadata = None", models)


@pytest.mark.parametrize("template", ["generic", pytest.param("pyproject", marks=pytest.mark.long)])
def test_three_lines_in_env_py_are_enough(
    empty_engine: Engine, tmp_path: Path, template: str
) -> None:
    def alembic(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "alembic", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}", "AUTOGENERATE_CACHE": "off"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    if template == "pyproject":
        (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mine'\n")
    alembic("init", "-t", template, "scripts")
    ini, url = tmp_path / "alembic.ini", empty_engine.url.render_as_string(hide_password=False)
    text = re.sub(
        "sqlalchemy.url = .*", f"sqlalchemy.url = {url}".replace("%", "%%"), ini.read_text()
    )
    ini.write_text(text.replace("\\", "\\\\"))
    env = tmp_path / "scripts" / "env.py"
    env.write_text(adopted(env.read_text()))
    (tmp_path / "models.py").write_text(MODELS.format(more=""))
    alembic("revision", "--autogenerate", "-m", "begin")
    alembic("upgrade", "head")
    assert "No new upgrade operations detected" in alembic("check")
    (tmp_path / "models.py").write_text(
        MODELS.format(more='sa.Column("n", sa.Interval, index=True), schema=None')
    )
    alembic("revision", "--autogenerate", "-m", "go on")
    alembic("revision", "-m", "an empty one")
    alembic("upgrade", "head")
    assert "No new upgrade operations detected" in alembic("check")
    alembic("downgrade", "base")
    assert len(list((tmp_path / "scripts" / "versions").glob("*.py"))) == 4
