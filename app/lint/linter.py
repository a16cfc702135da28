"""The squawk program."""

import json
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError

CONFIGURATION = ".squawk.toml"


@dataclass(frozen=True)
class Finding:
    """Where SQL breaks one of squawk's rules; ``line`` counts from 1."""

    rule: str
    line: int
    message: str
    help: str | None


def lint(sql: str, configuration: Path) -> list[Finding]:
    """Return squawk's findings in ``sql``.

    Raises:
        CommandError: squawk is not installed, or refuses its configuration.
    """
    result = _run("--config", str(configuration), "--reporter", "json", text=sql)
    try:
        found = json.loads(result.stdout)
    except json.JSONDecodeError as error:
        said = (result.stderr or result.stdout).strip()
        raise CommandError(f"squawk failed: {said}\nNothing was linted.") from error
    return [
        Finding(each["rule_name"], each["line"] + 1, each["message"], each["help"])
        for each in found
    ]


def is_rule(name: str) -> bool:
    """Tell whether squawk has a rule of this name."""
    return not _run("--exclude", name, text="").returncode


def _run(*arguments: str, text: str) -> subprocess.CompletedProcess[str]:
    # The environment's own comes first, also where it is not activated.
    here = sysconfig.get_path("scripts")
    program = shutil.which("squawk", path=here) or shutil.which("squawk")
    if program is None:
        raise CommandError(
            "squawk is not installed.\nNothing was linted. Install it: pip install squawk-cli"
        )
    return subprocess.run(
        [program, *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
