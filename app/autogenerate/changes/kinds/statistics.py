"""Extended statistics."""

from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ...emit import compares
from ..sql import quote
from .kind import Kind


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
