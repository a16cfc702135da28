"""Revision files as texts: where one stands in the chain, and giving it another place."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError

_PLACES = ("revision", "down_revision", "depends_on", "chain")


@dataclass(frozen=True)
class RevisionFile:
    """A revision: its file, its id, and the ids of those that it stands on."""

    path: Path
    text: str
    revision: str
    down: tuple[str, ...]

    def moved(self, ids: Mapping[str, str], down: tuple[str, ...]) -> "RevisionFile":
        """Return it standing on ``down``, with the new ``ids`` of those that have got one.

        They stand in the file's name, in its variables, and in its docstring.
        """
        revision = ids.get(self.revision, self.revision)
        below = dict(zip(self.down, down, strict=True))
        source, docstring = self.text.encode(), ast.get_docstring(ast.parse(self.text), clean=False)
        # The last first, for the places of those before it stay what they are.
        for variable, constant in reversed(list(_constants(self.text))):
            new = (below if variable == "down_revision" else ids).get(str(constant.value))
            if new is not None:
                source = _put(source, constant, new)
        text = source.decode()
        if docstring:
            text = text.replace(docstring, _retold(docstring, ids, revision, down), 1)
        name = self.path.name
        if revision != self.revision and name.startswith(f"{self.revision}_"):
            name = revision + name.removeprefix(self.revision)
        return RevisionFile(self.path.with_name(name), text, revision, down)


def read_revision(path: Path) -> RevisionFile | None:
    """Return the revision at ``path``; None if that is no revision.

    Raises:
        CommandError: it is no Python, as where git has left its marks of a conflict.
    """
    text = path.read_text("utf-8")
    try:
        found = [(variable, str(constant.value)) for variable, constant in _constants(text)]
    except SyntaxError as error:
        raise CommandError(
            f"versions/{path.name} cannot be read, line {error.lineno}: {error.msg}.\n"
            "Nothing was changed. If both branches have a file of this name, give yours another "
            "name first, and the file back to the other: git checkout <branch> -- <file>"
        ) from error
    ids = [value for variable, value in found if variable == "revision"]
    down = tuple(value for variable, value in found if variable == "down_revision")
    return RevisionFile(path, text, ids[0], down) if ids else None


def read_revisions(directory: Path) -> list[RevisionFile]:
    """Return the revisions in ``directory``, by name.

    Raises:
        CommandError: one is no Python.
    """
    found = (read_revision(path) for path in sorted(directory.glob("*.py")))
    return [revision for revision in found if revision is not None]


def _constants(text: str) -> Iterator[tuple[str, ast.Constant]]:
    """Yield the strings that say where the file stands, each with its variable, in their order."""
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.AnnAssign):
            targets: list[ast.expr] = [statement.target]
        elif isinstance(statement, ast.Assign):
            targets = statement.targets
        else:
            continue
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        for name in names.intersection(_PLACES):
            for node in ast.walk(statement.value) if statement.value else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield name, node


def _put(source: bytes, constant: ast.Constant, new: str) -> bytes:
    """Return ``source`` with ``new`` in the place of ``constant``, in its quotes."""
    lines = source.splitlines(keepends=True)
    line = lines[constant.lineno - 1]
    old = line[constant.col_offset : constant.end_col_offset]
    put = old[:1] + new.encode() + old[-1:]
    lines[constant.lineno - 1] = (
        line[: constant.col_offset] + put + line[constant.end_col_offset or 0 :]
    )
    return b"".join(lines)


def _retold(docstring: str, ids: Mapping[str, str], revision: str, down: tuple[str, ...]) -> str:
    text = docstring
    if ids:
        named = "|".join(map(re.escape, ids))
        text = re.sub(rf"\b({named})\b", lambda found: ids[found[1]], text)
    text = re.sub(r"^Revision ID: .*$", f"Revision ID: {revision}", text, flags=re.MULTILINE)
    return re.sub(r"^Revises: .*$", f"Revises: {', '.join(down)}", text, flags=re.MULTILINE)
