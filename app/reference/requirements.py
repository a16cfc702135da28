"""``docs/requirements.md``: where each requirement that the SDS names is met, and what shows it.

Which tables a requirement has comes from the models: each module's docstring names them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .domains import domain_of
from .files import TextFile
from .markdown import code, codes, page, table
from .requirement_list import ON_TABLES, ON_THE_SCHEMA, Requirement, SchemaRequirement
from .schema import Model, models

PATH = Path("docs/requirements.md")
_ID = re.compile(r"SRS \d+(?:\.\d+)+|(?!SDS)[A-Z]+-[A-Z0-9-]*\d+")
_RANGE = re.compile(r"([A-Z0-9-]+-)(\d+) to \1(\d+)")


def requirements_file() -> TextFile:
    """Return the page."""
    return TextFile(
        PATH,
        page(
            "Requirements",
            "Where each requirement that the software design specification (SDS) names is met, and "
            "what shows it. The requirements' own text is not part of this repository; their "
            "subjects are given as the SDS gives them.",
            "## Requirements on tables",
            "Each table of the SDS is tested with its columns, constraints, foreign keys, indexes "
            "and values by the tests under `tests/schema`, which are written from the documents; "
            "`-k` picks those of one table.",
            table(("Requirement", "Subject", "Tables", "Columns", "Tests"), map(_row, ON_TABLES)),
            "`notifications` (SDS 5.16) comes from the SDS alone, which names no requirement.",
            "## Requirements on the whole schema",
            table(("Requirement", "Subject", "Met by", "Tests"), map(_schema_row, ON_THE_SCHEMA)),
        ),
    )


def requirements_of(model: Model) -> list[str]:
    """Return the ids that the docstring of the model's module names, ranges written out."""
    doc = _RANGE.sub(lambda found: ", ".join(_range(found)), model.module_doc)
    return _ID.findall(doc)


def tables_of(requirement: Requirement) -> list[str]:
    """Return the tables whose models name the ids of ``requirement``."""
    return [m.name for m in models() if set(requirement.ids) <= set(requirements_of(m))]


def _range(found: re.Match[str]) -> Iterator[str]:
    prefix, first, last = found.groups()
    for number in range(int(first), int(last) + 1):
        yield f"{prefix}{number:0{len(first)}}"


def _row(requirement: Requirement) -> tuple[str, ...]:
    tables = tables_of(requirement)
    links = (f"[`{t}`](data-dictionary/{domain_of(t).name}.md#{t})" for t in tables)
    return (
        ", ".join(requirement.ids),
        requirement.subject,
        ", ".join(links),
        codes(requirement.columns) or "all",
        f"`pytest tests/schema -k '{' or '.join(tables)}'`",
    )


def _schema_row(requirement: SchemaRequirement) -> tuple[str, ...]:
    tests = ", ".join(f"[{code(Path(path).name)}](../{path})" for path in requirement.tests)
    return (", ".join(requirement.ids), requirement.subject, requirement.met_by, tests)
