"""Files that are generated: whether the copy on disk is current, and writing it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .. import installation

COMMAND = f"{installation.COMMAND} reference"


class GeneratedFile(Protocol):
    """A file of the reference."""

    @property
    def path(self) -> Path:
        """Where it belongs, relative to the repository's root."""

    def is_current(self, root: Path) -> bool:
        """Tell whether the copy under ``root`` is what would be generated now."""

    def write(self, root: Path) -> None:
        """Write it under ``root``."""


@dataclass(frozen=True)
class TextFile:
    """A generated text."""

    path: Path
    text: str

    def is_current(self, root: Path) -> bool:
        """Compare the text."""
        target = root / self.path
        return target.is_file() and target.read_text(encoding="utf-8") == self.text

    def write(self, root: Path) -> None:
        """Write the text, in UTF-8 with Unix line ends."""
        target = root / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.text, encoding="utf-8", newline="\n")
