"""Tests that are named one by one do not wait for workers."""

from tests.support.commands import run_python

FILE = "tests/docs/test_links.py"
NAMED = (
    f"{FILE}::test_links_lead_somewhere[README.md]",
    f"{FILE}::test_map_leads_to_every_page_of_the_documentation",
)


def test_named_tests_start_no_workers() -> None:
    run = run_python("-m", "pytest", *NAMED)
    assert "2 passed" in run.stdout, run.stdout
    assert "created:" not in run.stdout
