"""The twelve ordinary changes, each in one go: model, revision, documents, changelog; all green.

The person edits the files of the case. The commands do the rest, on a database with sample rows,
and say what to do where they cannot.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.__main__ import main
from app.catalog.differences import compare, describe
from tests.changes.cases import CASES, Case
from tests.runner.database import catalog_of
from tests.support.commands import copy_checkout, run_alembic, run_python, url_of
from tests.support.databases import ROOT, Databases
from tests.support.revisions import HEAD

# All of the tests that are written from the documents take long; these find a column or a table.
QUICK = ("nullable column", "new table")
PASS = re.compile(r"^def (\w+)\(\) -> None:\n    pass$", re.MULTILINE)


@pytest.fixture(scope="module")
def with_rows(databases: Databases, template: str) -> Iterator[str]:
    """The name of a database at head that has rows in all tables."""
    with databases.create(template) as engine:
        assert main(["sample-data", "--users", "3", "-x", f"url={url_of(engine)}"]) == 0
        engine.dispose()
        yield str(engine.url.database)


@pytest.fixture
def database(databases: Databases, with_rows: str) -> Iterator[Engine]:
    with databases.create(with_rows) as engine:
        yield engine


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    copy = copy_checkout(tmp_path / "checkout")
    for name in ("ddl", "docs", "tests"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    return copy


def edit(checkout: Path, case: Case) -> None:
    for name, edits in case.edits.items():
        text = (checkout / name).read_text()
        for old, new in edits:
            assert old in text, f"{name}: {old}"
            text = text.replace(old, new)
        (checkout / name).write_text(text)
    for name, text in case.new.items():
        (checkout / name).write_text(text)
    for name in case.gone:
        (checkout / name).unlink()


class Developer:
    """Types commands in a checkout, on a database."""

    def __init__(self, checkout: Path, database: Engine) -> None:
        self.checkout = checkout
        self.there = {"DATABASE_URL": url_of(database), "PYTHONPATH": str(checkout)}

    def alembic(self, *arguments: str, fails: bool = False) -> str:
        run = run_alembic(*arguments, cwd=self.checkout, **self.there)
        assert bool(run.returncode) == fails, run.stdout + run.stderr
        return run.stdout + run.stderr

    def python(self, *arguments: str) -> None:
        run = run_python(*arguments, cwd=self.checkout, **self.there)
        assert run.returncode == 0, run.stdout + run.stderr

    def written(self) -> list[Path]:
        """The revisions that are not the project's."""
        return sorted((self.checkout / "versions").glob("*.py"))[int(HEAD) :]


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, marks=() if c.name in QUICK else pytest.mark.long) for c in CASES],
    ids=lambda case: case.name,
)
def test_change_is_made_in_one_go(case: Case, checkout: Path, database: Engine) -> None:
    developer = Developer(checkout, database)
    before = catalog_of(database)
    edit(checkout, case)
    if case.by_hand[0]:
        developer.alembic("revision", "-m", "Change it by hand")
        (path,) = developer.written()
        bodies = iter(case.by_hand)
        path.write_text(
            PASS.sub(lambda f: f"def {f[1]}() -> None:\n    {next(bodies)}", path.read_text())
        )
        developer.alembic("upgrade", "head")
    said = developer.alembic("revision", "--autogenerate", "-m", "Change it")
    texts = "".join(path.read_text() for path in developer.written())
    assert case.says in texts, texts
    if case.stops:
        told = developer.alembic("upgrade", "head", fails=True)
        assert case.stops in told
        assert "Nothing was changed" in told
        return
    developer.alembic("upgrade", "head")
    assert "No new upgrade operations" in developer.alembic("check"), said
    if case.name in QUICK:
        tests = ["tests/schema/test_tables.py", "tests/schema/test_comments.py"]
    else:
        run = run_python("-m", "app", "reference", cwd=checkout)
        for path in re.findall("^unexpected: (.*)$", run.stdout, re.MULTILINE):
            (checkout / path).unlink()  # as it says
        developer.python("-m", "app", "reference", "--check")
        tests = ["tests/schema"]
    developer.python("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests)
    developer.alembic("downgrade", HEAD)
    assert describe(compare(before, catalog_of(database))) == ""


def test_column_takes_three_files() -> None:
    # The model, its line in the documents' tables, the changelog.
    assert [case.files for case in CASES if case.name == "nullable column"] == [3]
