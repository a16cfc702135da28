"""What is found, for people (``text``, ``markdown``) and for programs (``json``)."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from datetime import date

FORMATS = ("text", "json", "markdown")

Rows = Iterable[Sequence[object]]


def add_format(parser: ArgumentParser) -> None:
    """Let ``parser`` take ``--format``."""
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="how to print it (default: text)"
    )


def as_json(found: object) -> str:
    """Return ``found`` with its numbers as they are and its dates as ISO 8601 has them."""
    return json.dumps(found, indent=2, ensure_ascii=False, default=_iso)


def as_table(style: str, header: Sequence[str], rows: Rows) -> str:
    """Return a table in the ``style`` ``text`` or ``markdown``."""
    cells = [[str(cell) for cell in row] for row in rows]
    if style == "markdown":
        rule = ["---"] * len(header)
        return "\n".join(f"| {' | '.join(map(_in_cell, row))} |" for row in (header, rule, *cells))
    lines = [header, *cells]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def as_list(style: str, lines: Iterable[str]) -> str:
    """Return sentences, one a line, in the ``style`` ``text`` or ``markdown``."""
    mark = "- " if style == "markdown" else ""
    return "\n".join(f"{mark}{line}" for line in lines)


def in_order(style: str, *parts: str) -> str:
    """Return the ``parts`` that are not empty below each other, in that ``style``."""
    return ("\n\n" if style == "markdown" else "\n").join(filter(None, parts))


def _in_cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is nothing that JSON can say")
