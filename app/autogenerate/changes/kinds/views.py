"""Views and materialized views."""

from alembic.runtime.plugins import Plugin

from app.autogenerate.changes.kinds.kind import Kind
from app.autogenerate.changes.sql import quote
from app.autogenerate.emit import compares
from app.catalog.identity import Identity
from app.catalog.snapshot import Snapshot


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE {identity.kind.upper()} {quote(identity.name)} AS\n{objects[identity]}"]


def _drop(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"DROP {identity.kind.upper()} {quote(identity.name)}"]


_VIEW = Kind(create=_create, drop=_drop)
KINDS = {"view": _VIEW, "materialized view": _VIEW}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
