"""``creativeflow-schema``: its help, its mistakes, and what each command loads."""

import pytest
from alembic.config import CommandLine

from app.__main__ import main
from app.command_line.subcommands import SUBCOMMANDS
from app.installation import COMMAND
from tests.support.commands import run_command, run_python
from tests.support.databases import ROOT

Capture = pytest.CaptureFixture[str]

ALEMBICS = sorted(CommandLine().subparsers.choices)
OWN = [
    *([name] for name in SUBCOMMANDS),
    *(["partitions", action] for action in ("ensure", "retire", "report")),
]
OLD = ("app.partitions", "app.lint", "app.reference", "app.server.embedded.server")
# Runs a command, and prints what it has loaded.
LOADED = """\
import sys
{run}
print("loaded:", *sorted(name for name in sys.modules))
"""
OURS = f"from app.__main__ import main; sys.argv[0] = {COMMAND!r}; main({{arguments}})"
ALEMBIC_ITSELF = "from alembic.config import main; main({arguments})"


def test_help_fits_a_screen_and_names_every_command(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    words = said.replace(",", " ").split()
    assert [name for name in (*ALEMBICS, *SUBCOMMANDS) if name not in words] == []


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_guide_has_a_row_for_each_subcommand(name: str) -> None:
    rows = (ROOT / "docs" / "command.md").read_text().splitlines()
    assert [row for row in rows if row.startswith(f"| `{name}` | ")]


@pytest.mark.parametrize("command", OWN, ids=" ".join)
def test_help_of_a_subcommand_ends_with_an_example(
    command: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"usage: {COMMAND} {' '.join(command)} ")
    assert lines[-1].startswith("Example")
    assert f"{COMMAND} {command[0]}" in lines[-1]
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", ALEMBICS)
def test_help_of_a_command_of_alembic_is_alembics(name: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    assert capsys.readouterr().out.startswith(f"usage: {COMMAND} {name} ")


def test_version_is_that_of_the_package_and_of_alembic(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith(f"{COMMAND} 0.1.0 (Alembic 1.")


def test_no_command_is_answered_with_the_help(capsys: Capture) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"usage: {COMMAND} ")


@pytest.mark.parametrize(
    ("name", "meant"), [("upgarde", "upgrade"), ("partition", "partitions"), ("xyz", None)]
)
def test_unknown_command_is_answered_with_what_may_be_meant(
    name: str, meant: str | None, capsys: Capture
) -> None:
    assert main([name, "head"]) == 2
    lines = capsys.readouterr().err.splitlines()
    hint = f" Did you mean {meant}?" if meant else ""
    assert lines == [f"There is no command {name!r}.{hint}", f"List them: {COMMAND} --help"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["-y", "upgrade", "head"],
        ["-x"],
        ["upgrade"],
        ["upgrade", "head", "--hurry"],
        ["lint", "--format", "xml"],
        ["server", "--version", "15"],
        ["completion"],
        ["reference", "now"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert f"usage: {COMMAND} " in capsys.readouterr().err


@pytest.mark.parametrize("module", OLD)
def test_old_form_is_gone(module: str) -> None:
    run = run_python("-m", module, "--help")
    assert "usage:" not in run.stdout
    assert run.returncode or module == "app.server.embedded.server"


def test_console_script_and_module_are_one_command() -> None:
    script, module = run_command("history"), run_python("-m", "app", "history")
    assert (script.returncode, script.stdout) == (0, module.stdout)
    assert "0001 (head)" not in script.stdout
    assert "-> 0001" in script.stdout


def loaded(run: str, *arguments: str) -> set[str]:
    """Return the modules that ``run`` has loaded in the end."""
    code = LOADED.format(run=run.format(arguments=list(arguments)))
    result = run_python("-c", code, DATABASE_URL="postgresql://nobody@localhost:1/none")
    last = result.stdout.splitlines()[-1:]
    assert last, result.stderr
    assert last[0].startswith("loaded: "), result.stderr
    return set(last[0].split()[1:])


def of_the_project(names: set[str]) -> set[str]:
    return {name for name in names if name == "app" or name.startswith("app.")}


@pytest.mark.parametrize("arguments", [["heads"], ["upgrade", "0001", "--sql"]], ids=" ".join)
def test_passing_through_loads_little_more_than_alembic_does(arguments: list[str]) -> None:
    ours, theirs = loaded(OURS, *arguments), loaded(ALEMBIC_ITSELF, *arguments)
    assert of_the_project(ours) - of_the_project(theirs) == {
        "app",
        "app.__main__",
        "app.command_line",
        "app.command_line.alembic_options",
        "app.command_line.failing",
        "app.command_line.passing_through",
        "app.command_line.subcommands",
        "app.compat",
        "app.installation",
    } - of_the_project(theirs)
    assert ours - theirs - of_the_project(ours) <= {"difflib"}


@pytest.mark.parametrize("arguments", [["partitions", "report"], ["lint", "0001"]], ids=" ".join)
def test_subcommand_loads_neither_orm_nor_models_nor_what_draws(arguments: list[str]) -> None:
    found = loaded(OURS, *arguments)
    assert not found & {"sqlalchemy.orm", "app.models", "app.autogenerate", "pygraphviz"}


@pytest.mark.parametrize("name", ["server", "completion"])
def test_subcommand_without_database_loads_no_sqlalchemy(name: str) -> None:
    run = "from app.command_line.subcommands import SUBCOMMANDS; SUBCOMMANDS[{arguments}[0]].load()"
    found = loaded(run, name)
    assert ("sqlalchemy" in found) == (name == "completion")
