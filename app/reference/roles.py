"""``ddl/roles.sql``: who may do what; readers see no column that is classified as a secret.

What is fixed stands in ``roles.sql`` beside this file; the models' columns are filled in.
"""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from ..db.routines import FOR_MONITORING
from .files import COMMAND, TextFile
from .meanings import classification_of
from .schema import Model, models

PATH = Path("ddl/roles.sql")
_TEMPLATE = Path(__file__).with_name("roles.sql")
_INDENT = " " * 4
_WIDTH = 100


def roles_file() -> TextFile:
    """Return the script."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    filled = {
        "{command}": COMMAND,
        "{models}": ",\n".join(_row(model) for model in models()),
        "{monitoring}": ", ".join(f"'{name}'" for name in FOR_MONITORING),
    }
    for place, value in filled.items():
        text = text.replace(place, value)
    return TextFile(PATH, text)


def _row(model: Model) -> str:
    """Return the table's name, the columns that readers see, and those that hold secrets."""
    readable, secret = (", ".join(_columns(model, secret=secret)) for secret in (False, True))
    parts = [f"('{model.name}',", f"'{{{readable}}}',", f"'{{{secret}}}')"]
    lines = [
        line
        for part in parts
        for line in textwrap.wrap(
            part, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  "
        )
    ]
    return "\n".join(lines)


def _columns(model: Model, *, secret: bool) -> Iterator[str]:
    for column in model.columns:
        classification = classification_of(column)
        if secret == (classification is not None and classification.is_secret):
            yield column.name
