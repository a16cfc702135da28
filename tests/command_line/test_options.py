"""Alembic's own options, in front of a command and behind it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.__main__ import main
from tests.support.commands import copy_checkout, run_alembic, run_command, url_of
from tests.support.databases import ROOT
from tests.support.revisions import HEAD

NOWHERE = "postgresql://nobody@localhost:1/none"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that has none of the project's files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    return tmp_path


@pytest.mark.parametrize("behind", [False, True])
def test_url_and_schema_are_taken_in_front_of_a_command_and_behind_it(
    behind: bool, empty_engine: Engine, elsewhere: Path
) -> None:
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA creative")
    url, schema = ("-x", f"url={url_of(empty_engine)}"), ("-x", "schema=creative")
    given = ("upgrade", "head", *url, *schema) if behind else (*url, "upgrade", *schema, "head")
    upgraded = run_command(*given, cwd=elsewhere, DATABASE_URL=NOWHERE)
    assert upgraded.returncode == 0, upgraded.stderr
    with empty_engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT count(*) FROM information_schema.tables"
            " WHERE table_schema = 'creative' AND table_name = 'users'"
        ).scalar_one()
    assert tables == 1
    report = ("partitions", "report")
    given = (*report, *url, *schema) if behind else (*url, "partitions", *schema, "report")
    reported = run_command(*given, cwd=elsewhere, DATABASE_URL=NOWHERE)
    assert reported.returncode == 0, reported.stderr


def test_command_of_alembic_exits_as_alembic_does(
    empty_engine: Engine, migrated_engine: Engine, elsewhere: Path
) -> None:
    for engine, arguments, code in (
        (empty_engine, ("check",), 255),
        (empty_engine, ("current", "-c"), 255),
        (migrated_engine, ("current", "--check-heads"), 0),
    ):
        result = run_command(*arguments, cwd=elsewhere, DATABASE_URL=url_of(engine))
        assert result.returncode == code, result.stderr
        assert ("FAILED" in result.stderr) == bool(code)
    theirs = run_alembic("check", DATABASE_URL=url_of(empty_engine))
    assert theirs.returncode == 255


def test_script_is_what_alembic_writes(elsewhere: Path) -> None:
    ours, theirs = (
        run_command("upgrade", "head", "--sql", cwd=elsewhere),
        run_alembic("upgrade", "head", "--sql"),
    )
    assert ours.returncode == 0
    assert "CREATE TABLE users" in ours.stdout
    own_name = ours.stdout.replace("creativeflow-schema upgrade <", "alembic upgrade <")
    assert own_name == theirs.stdout


def test_section_of_the_ini_file_is_taken_in_front_and_behind(
    migrated_engine: Engine, elsewhere: Path
) -> None:
    checkout = copy_checkout(elsewhere / "checkout")
    ini = checkout / "alembic.ini"
    section = ini.read_text().partition("[alembic]")[2].partition("[post_write_hooks]")[0]
    url = url_of(migrated_engine).replace("%", "%%")
    section = section.replace("sqlalchemy.url =\n", f"sqlalchemy.url = {url}\n")
    ini.write_text(f"{ini.read_text()}\n[staging]{section}")
    for arguments in (
        ("-n", "staging", "-c", str(ini), "current"),
        ("current", "--name", "staging", "--config", str(ini)),
        ("-c", str(ini), "partitions", "report", "--name=staging"),
        ("partitions", "-n", "staging", "report", "-c", str(ini)),
    ):
        result = run_command(*arguments, cwd=elsewhere, PYTHONPATH=str(checkout))
        assert result.returncode == 0, result.stderr
        assert f"database {migrated_engine.url.database}" in result.stderr


def test_file_of_the_environment_comes_after_the_options(elsewhere: Path) -> None:
    missing = str(elsewhere / "missing.ini")
    for arguments, code in (
        (("heads",), 255),
        (("heads", "-c", str(ROOT / "alembic.ini")), 0),
        (("lint", "0001"), 2),
        (("lint", "0001", "-c", str(ROOT / "alembic.ini")), 0),
    ):
        result = run_command(*arguments, cwd=elsewhere, ALEMBIC_CONFIG=missing)
        assert result.returncode == code, result.stderr
        assert ("script_location" in result.stdout + result.stderr) == bool(code)


def test_own_file_is_used_wherever_the_command_runs(elsewhere: Path) -> None:
    (elsewhere / "alembic.ini").write_text("[alembic]\nscript_location = another's\n")
    (elsewhere / "pyproject.toml").write_text('[tool.alembic]\nscript_location = "theirs"\n')
    assert run_command("heads", cwd=elsewhere).stdout == f"{HEAD} (head)\n"


def test_two_files_are_refused(capsys: Capture) -> None:
    assert main(["-c", "one.ini", "lint", "-c", "two.ini"]) == 2
    assert capsys.readouterr().err == (
        "-c names more than one file: one.ini, two.ini.\nNothing was done.\n"
    )


def test_message_that_looks_like_an_option_is_left_alone(elsewhere: Path) -> None:
    checkout = copy_checkout(elsewhere / "checkout")
    config = ("-c", str(checkout / "alembic.ini"))
    result = run_command(*config, "revision", "--message=-x is gone", PYTHONPATH=str(checkout))
    assert result.returncode == 0, result.stderr
    assert [path.name for path in (checkout / "versions").glob("*_x_is_gone.py")]


def test_quiet_says_nothing_of_the_server(migrated_engine: Engine, capsys: Capture) -> None:
    url = f"url={url_of(migrated_engine)}"
    assert main(["partitions", "report", "-x", url]) == 0
    assert "PostgreSQL" in capsys.readouterr().err
    assert main(["-q", "partitions", "report", "-x", url]) == 0
    assert capsys.readouterr().err == ""


def test_traceback_is_shown_to_who_asks_for_it(capsys: Capture) -> None:
    from alembic.util import CommandError

    broken = ["partitions", "report", "-x", f"url={NOWHERE}"]
    assert main(broken) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    with pytest.raises(CommandError):
        main([*broken, "--raiseerr"])
