"""Sequences and the columns that own them; what they have counted so far is data."""

from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ...emit import compares
from ..sql import quote
from .kind import Kind


def _alter(identity: Identity, action: str) -> list[str]:
    return [f"ALTER SEQUENCE {quote(identity.table or identity.name)} {action}"]


def _set_owner(identity: Identity, objects: Snapshot) -> list[str]:
    return _alter(identity, f"OWNED BY {objects[identity]}")


KINDS = {
    "sequence": Kind(
        create=lambda identity, objects: [
            f"CREATE SEQUENCE {quote(identity.name)} {objects[identity]}"
        ],
        drop=lambda identity, _: [f"DROP SEQUENCE {quote(identity.name)}"],
        change=lambda identity, _, after: _alter(identity, after[identity]),
    ),
    "sequence owner": Kind(
        create=_set_owner,
        drop=lambda identity, _: _alter(identity, "OWNED BY NONE"),
        change=lambda identity, _, after: _set_owner(identity, after),
    ),
    "sequence property": Kind(
        create=lambda identity, objects: _alter(identity, f"SET {objects[identity]}"),
        drop=lambda identity, _: _alter(identity, "SET LOGGED"),
    ),
}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
