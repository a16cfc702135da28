"""Where a guide is tried: a copy of the checkout, and databases of its own."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs.guide import Block, Command, commands, recipe
from tests.support.commands import copy_checkout, libpq_url, url_of
from tests.support.databases import ROOT, Databases
from tests.support.psql import programs

SHELL = ("bash", "-euo", "pipefail", "-c")
ROLES = {
    "owner": "owner",
    "app": "app",
    "reader": "read",
    "backup": "backup",
    "monitor": "monitor",
}
LOGINS = ("deploy", "api", "reports")
_URL = re.compile(
    r"postgresql://creativeflow(\w*)@(db(?:\.staging)?\.example\.com)/creativeflow(\w*)"
)


def copy_with_reference(target: Path) -> Path:
    """Copy the checkout with its generated files, so that a guide may change it."""
    copy = copy_checkout(target)
    for name in ("ddl", "docs"):
        shutil.copytree(ROOT / name, copy / name)
    return copy


class Sandbox:
    """Runs the steps of one guide in a copy of the checkout.

    The guides' example names stand for databases and roles of the sandbox's own.
    """

    def __init__(
        self, databases: Databases, template: str, checkout: Path, major_version: int
    ) -> None:
        self.databases = databases
        self.template = template
        self.stack = ExitStack()
        self.checkout = checkout
        self.done: set[str] = set()
        head = (self.checkout / "versions" / "HEAD").read_text()[:4]
        self.numbers = (head, f"{int(head) + 1:04}")
        self.programs = programs(major_version)
        self.main = self.stack.enter_context(databases.create())
        self.staging = self.stack.enter_context(databases.create())
        # Roles belong to the server: ddl/roles.sql takes their names from here.
        self.psqlrc = Path(self.stack.enter_context(TemporaryDirectory())) / "psqlrc"
        lines = (f"\\set {kind} creativeflow_{name}\n" for kind, name in ROLES.items())
        self.psqlrc.write_text(self._own_names("".join(lines)))

    def close(self) -> None:
        """Drop the databases and the roles."""
        prefix = str(self.staging.url.database)
        self.stack.close()
        for role in (*LOGINS, *ROLES.values()):
            self.databases._execute(f'DROP ROLE IF EXISTS "{prefix}_{role}"')

    def run(self, block: Block) -> None:
        """Run a step; raise AssertionError with its line and output if it does not do as shown."""
        marks = block.marks
        if "database" in marks:
            templates = {"empty": "template0", "migrated": self.template}
            database = self.databases.create(templates[marks["database"]])
            self.main = self.stack.enter_context(database)
        if "not run" in marks or block.language == "text":
            return
        if "append to" in marks:
            with (self.checkout / marks["append to"]).open("a") as file:
                file.write("\n" + self._own_names(block.text))
        elif "shows" in marks:
            shown = (self.checkout / self._own_names(marks["shows"])).read_text()
            assert_shown(block, tuple(self._own_names(block.text).splitlines()), shown)
        else:
            self._run(block)

    def _run(self, block: Block) -> None:
        steps = {"console": commands, "yaml": recipe}
        if block.language in steps:
            found = steps[block.language](block)
            exports = [command.text for command in found if command.text.startswith("export ")]
            for command in found:
                if block.language == "yaml" and command.text in self.done:
                    continue
                self.done.add(command.text)
                before = exports if command.text not in exports else []
                script = self._own_names("\n".join([*before, command.text]), quoted=True)
                fails = "fails" in block.marks and command is found[-1]
                self._execute(block, command, (*SHELL, script), fails=fails)
            return
        text = self._own_names(block.text)
        arguments = {
            "sql": ("psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=on"),
            "python": (sys.executable, "-"),
            "diff": ("patch", "--strip=1", "--no-backup-if-mismatch"),
        }[block.language]
        self._execute(block, Command(text, ()), arguments, standard_input=text)

    def _execute(
        self,
        block: Block,
        command: Command,
        arguments: tuple[str, ...],
        *,
        standard_input: str = "",
        fails: bool = False,
    ) -> None:
        result = subprocess.run(
            arguments,
            input=standard_input,
            cwd=self.checkout,
            env=self._environment(block),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        shown = f"line {block.line}: {command.text}\n{result.stdout}"
        assert bool(result.returncode) == fails, f"exit code {result.returncode}, {shown}"
        assert_shown(block, tuple(map(self._own_names, command.output)), result.stdout)

    def _environment(self, block: Block) -> dict[str, str]:
        url = self.main.url
        connection = {
            "PGHOST": str(url.host or url.query.get("host", "")),
            "PGPORT": str(url.port or url.query.get("port", "5432")),
            "PGDATABASE": str(url.database),
            "PGUSER": self._own_names(block.marks.get("as", url.username or "postgres")),
            "PGPASSWORD": url.password or "any",
        }
        path = os.pathsep.join([str(Path(sys.executable).parent), str(self.programs)])
        return {
            **os.environ,
            **connection,
            "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
            "DATABASE_URL": url_of(self.main),
            "PYTHONPATH": str(self.checkout),
            "PSQLRC": str(self.psqlrc),
        }

    def _own_names(self, text: str, *, quoted: bool = False) -> str:
        """Put this sandbox's own names and numbers in the place of the examples'."""
        own = str(self.staging.url.database)
        main = str(self.main.url.database)

        def url(found: re.Match[str]) -> str:
            role, host, suffix = found.groups()
            engine = self.staging if host.startswith("db.staging") else self.main
            there = engine.url
            there = there.set(username=own + role) if role else there
            there = there.set(database=own + suffix) if suffix else there
            rendered = libpq_url(there)
            return shlex.quote(rendered) if quoted else rendered

        text = _URL.sub(url, text)
        text = re.sub(r"\bcreativeflow_(\w+)", rf"{own}_\1", text)
        text = re.sub(r"\bcreativeflow\b(?!-schema)", main, text)
        password = (self.main.url.password or "any").replace("'", "''")
        text = text.replace("'change me'", f"'{password}'")
        # In the examples the database is at 0002 and the next revision is 0003.
        return re.sub(r"\b000([23])(?![0-9])", lambda found: self.numbers[int(found[1]) - 2], text)


def assert_shown(block: Block, expected: tuple[str, ...], actual: str) -> None:
    """Assert that the lines of ``expected`` appear in this order; ``…`` stands for anything."""
    remaining = iter(actual.splitlines())
    for line in expected:
        if not line.strip() or line.strip() == "…":
            continue
        pattern = re.compile(".*".join(map(re.escape, line.rstrip().split("…"))))
        found = any(pattern.fullmatch(printed.rstrip()) for printed in remaining)
        assert found, f"line {block.line}: not printed: {line}\nPrinted was:\n{actual}"
