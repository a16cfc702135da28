"""A guide as a sequence of steps: its fenced blocks, in order.

What a block is follows from its language; an HTML comment just above says what is special:

- ``console``: commands after ``$``, run by bash; other lines are output that must appear, in order,
  where ``…`` stands for anything. ``<!-- fails -->``: the last command must fail.
- ``sql``: run by psql. ``<!-- as: role -->``: as that role.
- ``python``: run as a script; with ``<!-- shows: path -->`` an excerpt of that file instead.
- ``diff``: applied with patch.
- ``yaml``: a CI recipe, whose ``run:`` lines are run, but not ``pip install``, which CI does, nor
  what has been run before.
- any language: ``<!-- append to: path -->``; ``<!-- database: empty -->`` or ``migrated``: from
  here on another database; ``<!-- not run: reason -->``. ``text`` is for reading only.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"((?:^<!-- [^\n]* -->\n)*)^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<!-- ([a-z ]+?)(?:: (.*))? -->")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the marks above it."""

    language: str
    text: str
    marks: dict[str, str]
    line: int


@dataclass(frozen=True)
class Command:
    """A command of a ``console`` block and the lines it is shown to print."""

    text: str
    output: tuple[str, ...]


def blocks(page: Path) -> list[Block]:
    """Return the blocks of ``page``."""
    text = page.read_text()
    return [
        Block(
            language=found[2],
            text=found[3],
            marks=dict(_MARK.findall(found[1])),
            line=text.count("\n", 0, found.start(2)) + 1,
        )
        for found in _BLOCK.finditer(text)
    ]


def commands(block: Block) -> list[Command]:
    """Return the commands of a ``console`` block, continued lines joined."""
    found: list[Command] = []
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *output = re.split(r"(?<!\\)\n", part.strip("\n"))
        found.append(Command(command, tuple(line for line in output if line.strip())))
    return found


def recipe(block: Block) -> list[Command]:
    """Return the commands that a CI recipe runs, other than ``pip install``."""
    lines = re.findall(r"- run: (.*)", block.text)
    return [Command(line, ()) for line in lines if not line.startswith("pip install")]
