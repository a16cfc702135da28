"""A diagram as Mermaid text, which GitHub draws."""

import re

from sqlalchemy import Column

from .diagrams import DIAGRAMS, Diagram, Edge
from .schema import Model, keys_of, type_of

_MARKS = {"UQ": "UK"}  # Mermaid's word for it
_SEVERAL_PARAMETERS = re.compile(r"\([^()]*,[^()]*\)")
_NO_WORD = re.compile(r"[^A-Za-z0-9\-_\[\]()]+")
_INDENT = "    "


def mermaid_page(diagram: Diagram) -> str:
    """Return the Markdown page of ``diagram``: its picture, and the same as Mermaid text."""
    return f"""\
# {diagram.title}

{diagram.purpose}

![{diagram.title}]({diagram.name}.png)

The same as a scalable [SVG]({diagram.name}.svg), and as Mermaid text:

```mermaid
{mermaid_text(diagram)}
```
"""


def mermaid_text(diagram: Diagram) -> str:
    """Return ``diagram`` as a Mermaid ``erDiagram``."""
    lines = ["erDiagram"]
    for model in diagram.models:
        lines += [f"{_INDENT}{model.name} {{", *_attributes(diagram, model), f"{_INDENT}}}"]
    lines += [_INDENT + _relationship(edge) for edge in diagram.edges]
    return "\n".join(lines)


def _attributes(diagram: Diagram, model: Model) -> list[str]:
    shown = diagram.columns_of(model)
    lines = []
    for column in shown:
        kind = mermaid_type(column)
        keys = ", ".join(_MARKS.get(mark, mark) for mark in keys_of(column))
        null = '"NULL"' if column.nullable else ""
        lines.append(" ".join(word for word in (kind, column.name, keys, null) if word))
    return [_INDENT * 2 + line for line in lines]


def mermaid_type(column: Column[object]) -> str:
    """Return the type as one word of Mermaid's, which holds no comma: ``numeric(12,4)`` is short.

    What Mermaid reads since its version 9 is letters, digits and ``-_[]()``.
    """
    without_commas = _SEVERAL_PARAMETERS.sub("", type_of(column))
    return _NO_WORD.sub("_", without_commas.replace('"', ""))


def _relationship(edge: Edge) -> str:
    parent_end = "|o" if edge.optional_parent else "||"
    child_end = "o|" if edge.one_child else "o{"
    return f'{edge.parent} {parent_end}--{child_end} {edge.child} : "{edge.column}"'


def diagrams_page() -> str:
    """Return the page that lists the diagrams."""
    rows = "\n".join(f"- [{d.title}]({d.name}.md): {d.purpose}" for d in DIAGRAMS)
    return f"""\
# Diagrams

Tables stand in the colours of their domains. A line joins a table to the foreign key that refers
to it; at its ends a crow's foot means many, a bar one, a circle perhaps none. A dashed line is a
reference that may be NULL.

{rows}
"""
