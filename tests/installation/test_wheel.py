"""What is installed from a wheel works by itself, anywhere, and under one name."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine

from tests.installation.conftest import Installed, build, source
from tests.support.commands import run_command, run_python, url_of
from tests.support.databases import ROOT
from tests.support.revisions import HEAD

NAME = "creativeflow_schema"
# Prints which modules of the project are loaded in the end.
LOADED = """
import sys
print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules} & {"app", NAME}))
""".replace("NAME", repr(NAME))
UPGRADE = """
from alembic import command
from alembic.config import Config
from creativeflow_schema.installation import HOME
command.upgrade(Config(HOME / "alembic.ini"), "head")
"""


def test_wheel_holds_all_of_the_package_under_its_one_name(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    ours = {name for name in names if not name.partition("/")[0].endswith(".dist-info")}
    package = {
        str(path.relative_to(ROOT / "app"))
        for path in (ROOT / "app").rglob("*")
        if path.suffix in (".py", ".sql", ".typed")
    }
    versions = {f"versions/{path.name}" for path in (ROOT / "versions").glob("*.py")}
    alembic = {"alembic.ini", "env.py", "script.py.mako", ".squawk.toml", "versions/HEAD"}
    assert ours == {f"{NAME}/{name}" for name in package | versions | alembic}


def test_wheel_is_not_made_of_what_an_earlier_build_left(tmp_path: Path) -> None:
    directory = source(tmp_path / "source")
    stale = directory / "build" / "lib" / NAME / "models" / "removed_model.py"
    stale.parent.mkdir(parents=True)
    stale.touch()
    build(directory, tmp_path / "built", "--wheel")
    (wheel,) = (tmp_path / "built").glob("*.whl")
    assert not [name for name in ZipFile(wheel).namelist() if "removed" in name]


def test_editable_install_has_the_name_of_the_checkout_alone() -> None:
    script = Path(sys.executable).with_name("creativeflow-schema")
    assert "from app.__main__ import main" in script.read_text()
    assert find_spec(NAME) is None


def test_database_is_migrated_and_checked_from_a_read_only_place(
    installed: Installed, empty_engine: Engine, tmp_path: Path
) -> None:
    before = installed.files()
    there = {"DATABASE_URL": url_of(empty_engine), "XDG_CACHE_HOME": str(tmp_path)}
    for arguments, said in (
        (("upgrade", "head"), ""),
        (("current", "--check-heads"), f"{HEAD} (head)\n"),
        (("check",), "No new upgrade operations detected.\n"),
    ):
        result = installed.run(*arguments, **there)
        assert (result.returncode, result.stdout) == (0, said), result.stderr
        assert "the foreign app is loaded" not in result.stderr
    with empty_engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version'"
        ).scalar_one()
    assert tables == 22
    result = installed.run("partitions", "report", "--format", "json", **there)
    assert result.returncode == 0, result.stderr
    assert len(json.loads(result.stdout)["tables"]) == 3
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX idx_team_ownerid")
    result = installed.run("check", **there)
    assert result.returncode == 255
    assert "in a checkout: creativeflow-schema revision --autogenerate" in result.stderr
    assert installed.files() == before


def test_service_with_an_app_of_its_own_migrates_and_uses_the_models(
    installed: Installed, empty_engine: Engine
) -> None:
    program = f"""
import app
{UPGRADE}
from creativeflow_schema.models import Base, User
print(app.NAME, len(Base.metadata.tables), User.__module__)
{LOADED}
"""
    result = installed.run_python("-c", program, DATABASE_URL=url_of(empty_engine))
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        f"foreign 22 {NAME}.models.user_model",
        f"loaded: app {NAME}",
    ]


def test_installed_command_never_loads_the_name_of_the_checkout(
    installed: Installed, empty_engine: Engine
) -> None:
    program = f"from {NAME}.__main__ import main; main(['current']){LOADED}"
    result = installed.run_python("-c", program, DATABASE_URL=url_of(empty_engine))
    assert result.stdout == f"loaded: {NAME}\n", result.stderr


def test_checkout_never_loads_the_name_of_the_wheel(empty_engine: Engine) -> None:
    program = f"from alembic.config import main; main(['current']){LOADED}"
    result = run_python("-c", program, DATABASE_URL=url_of(empty_engine))
    assert result.stdout == "loaded: app\n", result.stderr


def test_installed_command_and_a_checkout_do_not_mix(
    installed: Installed, empty_engine: Engine
) -> None:
    result = installed.run(
        "current", "--config", str(ROOT / "alembic.ini"), DATABASE_URL=url_of(empty_engine)
    )
    assert result.returncode == 255
    assert len(result.stderr.splitlines()) == 2
    assert f"{ROOT} works with its own package app, but loaded is " in result.stderr
    assert "Traceback" not in result.stderr
    advised = (*result.stderr.split("alembic -c ")[1].split()[:1], "current")
    followed = installed.run_python(
        "-m", "alembic", "-c", *advised, DATABASE_URL=url_of(empty_engine)
    )
    assert followed.returncode == 0, followed.stderr


def test_checkout_refuses_a_process_that_has_another_app(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    arguments = ["-c", str(ROOT / "alembic.ini"), "current"]
    program = f"import app; from alembic.config import main; main({arguments})"
    result = run_python("-c", program, PYTHONPATH=str(tmp_path), cwd=ROOT / "docs")
    assert result.returncode == 255
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert str(tmp_path / "app") in lines[0]
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("revision", "-m", "x"),
        ("revision", "--autogenerate", "-m", "x"),
        ("merge", "heads", "-m", "x"),
        ("reference",),
    ],
    ids=" ".join,
)
def test_what_needs_a_checkout_is_refused(
    installed: Installed, migrated_engine: Engine, arguments: tuple[str, ...]
) -> None:
    with migrated_engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX idx_team_ownerid")
    before = installed.files()
    result = installed.run(*arguments, DATABASE_URL=url_of(migrated_engine))
    assert result.returncode == (2 if arguments == ("reference",) else 255)
    said = result.stderr.splitlines()
    assert "checkout" in said[-2]
    assert said[-1].startswith("Nothing was written.")
    assert "Traceback" not in result.stderr
    assert installed.files() == before


def test_file_of_ones_own_names_environments(
    installed: Installed, migrated_engine: Engine, tmp_path: Path
) -> None:
    url = url_of(migrated_engine).replace("%", "%%")
    ini = tmp_path / "own.ini"
    ini.write_text(
        "[staging]\n"
        f"script_location = {NAME}:\n"
        f"version_locations = {NAME}:versions\n"
        "path_separator = newline\n"
        f"sqlalchemy.url = {url}\n"
    )
    for arguments in (("current",), ("partitions", "report")):
        result = installed.run(*arguments, "-n", "staging", "--config", str(ini))
        assert result.returncode == 0, result.stderr
        assert f"database {migrated_engine.url.database}" in result.stderr


def test_embedded_server_of_an_installed_package_keeps_data_with_the_users(
    installed: Installed, tmp_path: Path
) -> None:
    program = f"""
from {NAME}.server.embedded import server
for is_root in (False, True):
    server.is_root = lambda: is_root
    print(server.default_data_dir(16))
"""
    result = installed.run_python("-c", program, XDG_DATA_HOME=str(tmp_path))
    user, root = map(Path, result.stdout.splitlines())
    assert not user.is_relative_to(installed.environment)
    assert user.parts[-2:] == ("creativeflow-schema", "16")
    assert root == Path("/var/lib/creativeflow-schema/installed/16")
    if sys.platform == "linux":
        assert user.is_relative_to(tmp_path)


def test_advice_names_the_command_that_was_typed(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stray ()")
    url = url_of(empty_engine)
    ours = run_command("upgrade", "head", DATABASE_URL=url)
    theirs = run_python("-m", "alembic", "upgrade", "head", DATABASE_URL=url)
    assert "adopt it: creativeflow-schema stamp head" in ours.stderr
    assert "adopt it: alembic stamp head" in theirs.stderr
