"""Each format that the plan is printed in."""

from .as_json import as_json
from .as_text import as_text

PRINTED = {"text": as_text, "json": as_json, "markdown": as_text}
