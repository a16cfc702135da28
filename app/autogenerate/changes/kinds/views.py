"""Views and materialized views."""

from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ...emit import compares
from ..sql import quote
from .kind import Kind


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE {identity.kind.upper()} {quote(identity.name)} AS\n{objects[identity]}"]


def _drop(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"DROP {identity.kind.upper()} {quote(identity.name)}"]


_VIEW = Kind(create=_create, drop=_drop)
KINDS = {"view": _VIEW, "materialized view": _VIEW}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
