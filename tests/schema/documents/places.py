"""Where in the documents' tables something is written down: the file to edit, and its line."""

import ast
from pathlib import Path

from tests.support.databases import ROOT

DIRECTORY = Path(__file__).parent


def place(table: str, column: str | None = None) -> str:
    """Return where ``column`` of ``table`` is written down; else where its columns begin.

    Of a table that is not written down, the directory.
    """
    for path in sorted(DIRECTORY.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _is_called(node, "Table", table):
                found = [
                    each.lineno
                    for each in ast.walk(node)
                    if isinstance(each, ast.Call) and column and each.args and _names(each, column)
                ]
                return f"{path.relative_to(ROOT)}:{min(found, default=node.lineno)}"
    return str(DIRECTORY.relative_to(ROOT))


def _is_called(call: ast.Call, function: str, name: str) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == function and _names(call, name)


def _names(call: ast.Call, name: str) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and first.value == name
