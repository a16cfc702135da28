"""Row security policies."""

from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ...emit import compares
from ..sql import quote
from .kind import Kind


def _on(identity: Identity) -> str:
    return f"POLICY {quote(identity.name)} ON {quote(identity.table or '')}"


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE {_on(identity)} {objects[identity]}"]


KINDS = {"policy": Kind(create=_create, drop=lambda identity, _: [f"DROP {_on(identity)}"])}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
