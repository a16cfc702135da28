"""All the generated files, and those among them that are stale."""

from pathlib import Path

from ..plan.page import MigrationsPage
from .completeness import require_complete
from .ddl import DIRECTORY as DDL
from .ddl import ddl_files
from .diagrams import DIAGRAMS
from .diagrams import DIRECTORY as DIAGRAMS_DIRECTORY
from .dictionary import DIRECTORY as DICTIONARY
from .dictionary import dictionary_files
from .dot import dot_source
from .files import GeneratedFile, TextFile
from .mermaid import diagrams_page, mermaid_page
from .pictures import Picture
from .requirements import requirements_file
from .roles import roles_file

# Nothing but generated files belongs there.
OWNED = (DDL, DICTIONARY, DIAGRAMS_DIRECTORY)


def generated_files() -> list[GeneratedFile]:
    """Return every file of the reference, in a fixed order.

    Raises:
        IncompleteError: the models do not say all that is told there.
    """
    require_complete()
    return [
        *ddl_files(),
        roles_file(),
        *dictionary_files(),
        requirements_file(),
        *_diagram_files(),
        # Last, for it takes a PostgreSQL to write.
        MigrationsPage(),
    ]


def unexpected_files(root: Path, files: list[GeneratedFile]) -> list[Path]:
    """Return what lies in the reference's directories without being one of ``files``."""
    expected = {file.path for file in files}
    found = (path for directory in OWNED for path in (root / directory).rglob("*"))
    paths = (path.relative_to(root) for path in found if path.is_file())
    return sorted(path for path in paths if path not in expected)


def _diagram_files() -> list[GeneratedFile]:
    files: list[GeneratedFile] = [TextFile(DIAGRAMS_DIRECTORY / "README.md", diagrams_page())]
    for diagram in DIAGRAMS:
        path = DIAGRAMS_DIRECTORY / diagram.name
        source = dot_source(diagram)
        files.append(TextFile(path.with_suffix(".md"), mermaid_page(diagram)))
        files += [Picture(path.with_suffix(suffix), source) for suffix in (".svg", ".png")]
    return files
