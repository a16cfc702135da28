"""Each format that the plan is printed in."""

from .as_json import as_json
from .as_markdown import as_markdown
from .as_text import as_text

PRINTED = {"text": as_text, "json": as_json, "markdown": as_markdown}
