"""Every command in the guides does what the guide says, in the order it stands there."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.docs.guide import blocks
from tests.docs.sandbox import Sandbox, copy_with_reference
from tests.support.databases import ROOT, Databases

# The longest first: they are tried two at a time.
GUIDES = (
    "deploying.md",
    "authoring-a-migration.md",
    "dba.md",
    "command.md",
    "README.md",
    "using-the-models.md",
)


@pytest.fixture(scope="module")
def runs(
    databases: Databases,
    template: str,
    shared_engine: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[None]]]:
    """The guides, all being tried at once."""
    with shared_engine.connect() as connection:
        number = connection.exec_driver_sql("SHOW server_version_num").scalar_one()

    shared = copy_with_reference(tmp_path_factory.mktemp("guides") / "checkout")

    def try_guide(name: str) -> None:
        steps = blocks(ROOT / "docs" / name)
        checkout = shared
        if any(step.language == "diff" for step in steps):
            checkout = copy_with_reference(tmp_path_factory.mktemp("guide") / "checkout")
        sandbox = Sandbox(databases, template, checkout, int(number) // 10_000)
        try:
            for step in steps:
                sandbox.run(step)
        finally:
            sandbox.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {name: pool.submit(try_guide, name) for name in GUIDES}


@pytest.mark.parametrize("name", GUIDES)
def test_guide_does_what_it_says(runs: dict[str, Future[None]], name: str) -> None:
    runs[name].result()


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
