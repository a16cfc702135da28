"""Extended statistics."""

from alembic.runtime.plugins import Plugin

from app.autogenerate.changes.kinds.kind import Kind
from app.autogenerate.changes.sql import quote
from app.autogenerate.emit import compares
from app.catalog.identity import Identity
from app.catalog.snapshot import Snapshot


def _set_target(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"ALTER STATISTICS {quote(identity.name)} SET STATISTICS {objects[identity]}"]


KINDS = {
    "extended statistics": Kind(
        create=lambda identity, objects: [
            f"CREATE STATISTICS {quote(identity.name)} {objects[identity]}"
        ],
        drop=lambda identity, _: [f"DROP STATISTICS {quote(identity.name)}"],
    ),
    "statistics target": Kind(
        create=_set_target,
        drop=lambda identity, _: [f"ALTER STATISTICS {quote(identity.name)} SET STATISTICS -1"],
        change=lambda identity, _, after: _set_target(identity, after),
    ),
}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
