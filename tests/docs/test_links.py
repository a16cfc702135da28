"""Every link inside the repository leads to a file, and to a heading where it names one."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.databases import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        target, _, heading = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{link}: there is no {target}"
        assert path.is_relative_to(ROOT), f"{link}: leads out of the repository"
        assert not heading or heading in anchors(path), f"{link}: no such heading"


def test_map_leads_to_every_page_of_the_documentation() -> None:
    reached = {ROOT / "docs/README.md"}
    for page in (pages := list(reached)):
        for link in links(page):
            path = (page.parent / link.partition("#")[0]).resolve()
            if path.suffix == ".md" and path.exists() and path not in reached:
                reached.add(path)
                pages.append(path)
    documentation = {page for page in PAGES if "decisions" not in page.parts}
    assert documentation <= reached


def links(page: Path) -> list[str]:
    """Return the links of a page that do not leave the repository."""
    found = _LINK.findall(_FENCED.sub("", page.read_text()))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@cache
def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", _FENCED.sub("", page.read_text()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
