"""Every command in the guides does what the guide says, in the order it stands there."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.docs.guide import blocks
from tests.docs.sandbox import Sandbox, copy_with_reference
from tests.support.databases import ROOT, Databases

GUIDES = (
    "README.md",
    "authoring-a-migration.md",
    "command.md",
    "dba.md",
    "deploying.md",
    "using-the-models.md",
)
TAKE_LONG = ("authoring-a-migration.md", "deploying.md")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout for the guides that change nothing in it."""
    return copy_with_reference(tmp_path_factory.mktemp("guides") / "checkout")


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=pytest.mark.long if each in TAKE_LONG else ()) for each in GUIDES],
)
def test_guide_does_what_it_says(
    name: str,
    checkout: Path,
    databases: Databases,
    template: str,
    shared_engine: Engine,
    tmp_path: Path,
) -> None:
    with shared_engine.connect() as connection:
        number = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    steps = blocks(ROOT / "docs" / name)
    if any(step.language == "diff" for step in steps):
        checkout = copy_with_reference(tmp_path / "checkout")
    sandbox = Sandbox(databases, template, checkout, int(number) // 10_000)
    try:
        for step in steps:
            sandbox.run(step)
    finally:
        sandbox.close()


def test_each_guide_is_tried() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    generated_or_measured = {"requirements.md", "autogenerate.md", "migrations.md"}
    # By tests/autogenerate/foreign/test_elsewhere.py.
    tried_elsewhere = {"autogenerate-elsewhere.md"}
    assert pages - generated_or_measured - tried_elsewhere == set(GUIDES)


@pytest.mark.parametrize("name", GUIDES)
def test_each_fenced_block_is_a_step(name: str) -> None:
    page = ROOT / "docs" / name
    fences = sum(line.startswith("```") for line in page.read_text().splitlines())
    assert fences == 2 * len(blocks(page))


@pytest.mark.parametrize("name", GUIDES)
def test_block_that_is_not_run_says_why(name: str) -> None:
    for block in blocks(ROOT / "docs" / name):
        assert "not run" not in block.marks or len(block.marks["not run"]) > 10
