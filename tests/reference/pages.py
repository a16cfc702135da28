"""The committed data dictionary, read back from its Markdown."""

import re
from dataclasses import dataclass
from functools import cache

from tests.support.databases import ROOT

DICTIONARY = ROOT / "docs/data-dictionary"
DOMAIN_PAGES = ("accounts.md", "creative.md", "ai.md", "billing.md")
Row = dict[str, str]
_CODE = re.compile(r"`([^`]*)`")


@dataclass(frozen=True)
class Section:
    """What a page says of one table: its prose, and its Markdown tables by their first head."""

    prose: str
    tables: dict[str, list[Row]]

    def rows(self, head: str) -> list[Row]:
        """Return the rows of the Markdown table whose first column is ``head``; none if absent."""
        return self.tables.get(head, [])


@cache
def sections() -> dict[str, Section]:
    """Return the sections of all pages by table."""
    found = {}
    for page in DOMAIN_PAGES:
        _, *parts = re.split(r"^## ", (DICTIONARY / page).read_text(), flags=re.MULTILINE)
        for part in parts:
            name, _, body = part.partition("\n")
            assert name not in found, f"{name} is described twice"
            found[name] = Section(body, tables_in(body))
    return found


def tables_in(text: str) -> dict[str, list[Row]]:
    """Return the Markdown tables in ``text`` by the head of their first column."""
    found = {}
    for block in re.findall(r"(?:^\|.*\n?)+", text, flags=re.MULTILINE):
        head, _, *rows = [_cells(line) for line in block.strip().splitlines()]
        found[head[0]] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def codes(cell: str) -> list[str]:
    """Return the words set as code in a cell."""
    return _CODE.findall(cell)


def _cells(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip())[1:-1]
    return [cell.strip().replace("\\|", "|") for cell in cells]
