"""The rooms of the house: nothing generic names a table of the schema."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models import Base
from tests.support.databases import ROOT

# The reference still says of each table what no model can; all else is generic.
NOT_GENERIC = {"models", "reference", "sample"}
TABLES = set(Base.metadata.tables)
# "sessions" and the like are English words, too: those count only where they stand alone.
IN_A_TEXT = re.compile(rf"\b({'|'.join(name for name in TABLES if '_' in name)})\b")


def files() -> Iterator[Path]:
    for room in (ROOT / "app").iterdir():
        if room.name not in NOT_GENERIC:
            found = [room] if room.is_file() else room.rglob("*")
            yield from (path for path in found if path.suffix in (".py", ".sql"))


def texts(path: Path) -> Iterator[str]:
    """What the program at ``path`` says: its strings but for docstrings, or its SQL."""
    if path.suffix == ".sql":
        yield path.read_text("utf-8")
        return
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    }
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and value not in docstrings:
            yield value


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_generic_code_names_no_table(path: Path) -> None:
    found = list(texts(path))
    named = {name for text in found for name in IN_A_TEXT.findall(text)}
    assert not named | TABLES.intersection(found)
