"""Markdown as the reference writes it."""

from collections.abc import Iterable, Sequence

from .files import COMMAND

GENERATED = f"<!-- Generated from the models, do not edit: {COMMAND} -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def code(text: object) -> str:
    """Return ``text`` set as code."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Return a list of words, each set as code."""
    return ", ".join(map(code, texts))


def page(title: str, *sections: str) -> str:
    """Return a generated page."""
    return "\n\n".join([f"# {title}", GENERATED, *(s for s in sections if s)]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
