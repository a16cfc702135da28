"""Remembering what models look like once built, so that an unchanged check builds nothing.

The same statements give the same objects on the same server: the snapshot of the scratch copy is
kept in a file named after both. It only ever saves work: where it does not equal the database,
the models are built and compared as if there were none.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, text

from .identity import Identity
from .snapshot import QUERIES, Snapshot

VARIABLE, OFF, KEPT = "AUTOGENERATE_CACHE", "off", 20
# What makes the same statements build, or the same objects print, differently.
_SERVER = text("""
SELECT concat_ws('; ', version(), current_setting('default_tablespace'),
                 current_setting('default_table_access_method'),
                 current_setting('default_toast_compression'),
                 (SELECT string_agg(concat_ws(' ', extname, extversion, extnamespace), ', '
                                    ORDER BY extname) FROM pg_extension))
""")


def memory_of(connection: Connection, statements: Sequence[str] | None) -> Path | None:
    """Return the file that remembers what ``statements`` build; None if it is not to be used.

    Set ``AUTOGENERATE_CACHE`` to a directory, or to ``off``.
    """
    directory = os.environ.get(VARIABLE) or _cache_of_the_user()
    if statements is None or directory is None or directory == OFF:
        return None
    server = str(connection.execute(_SERVER).scalar())
    queries = (str(query) for query in QUERIES)
    # SQLAlchemy creates the indexes of a table in an order that changes from process to process.
    key = sha256("\0".join((server, *queries, *sorted(statements))).encode()).hexdigest()
    return Path(directory) / f"{key}.json"


def recall(memory: Path | None) -> Snapshot | None:
    """Return the snapshot that ``memory`` holds, if there is one."""
    if memory is None:
        return None
    try:
        rows = json.loads(memory.read_text("utf-8"))
        return {Identity(kind, table, name): text for kind, table, name, text in rows}
    except (OSError, ValueError, TypeError):
        return None


def remember(memory: Path | None, objects: Snapshot) -> None:
    """Keep ``objects`` in ``memory``; where nothing can be written, do without."""
    if memory is None:
        return
    rows = json.dumps([[*identity, definition] for identity, definition in objects.items()])
    with suppress(OSError):
        memory.parent.mkdir(parents=True, exist_ok=True)
        _write(memory, rows)
        kept = sorted(memory.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-KEPT]:
            path.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    """Write ``path`` at once, so that nobody ever reads a part of it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _cache_of_the_user() -> str | None:
    """Return where this user's caches are; None for one without a home, as in a container."""
    from platformdirs import user_cache_path  # for those who compare only

    try:
        path = user_cache_path("alembic-autogenerate", appauthor=False)
    except RuntimeError:
        return None
    return str(path) if path.is_absolute() else None
