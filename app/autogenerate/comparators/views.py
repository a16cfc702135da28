"""Views and materialized views."""

from alembic.runtime.plugins import Plugin

from app.autogenerate.emit import compares
from app.autogenerate.identity import Identity
from app.autogenerate.kind import Kind
from app.autogenerate.snapshot import Snapshot
from app.autogenerate.sql import quote


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE {identity.kind.upper()} {quote(identity.name)} AS\n{objects[identity]}"]


def _drop(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"DROP {identity.kind.upper()} {quote(identity.name)}"]


_VIEW = Kind(create=_create, drop=_drop)
KINDS = {"view": _VIEW, "materialized view": _VIEW}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
