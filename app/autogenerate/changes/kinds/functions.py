"""Functions, procedures and aggregates."""

from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ...emit import compares
from .kind import Kind

# The first line of a definition is what callers see.
_BODY = "\nLANGUAGE "


def _create(identity: Identity, objects: Snapshot, *, replace: str = "") -> list[str]:
    name = identity.name.partition("(")[0]
    return [f"CREATE {replace}{identity.kind.upper()} {name}{objects[identity]}"]


def _create_aggregate(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE AGGREGATE {identity.name} {objects[identity]}"]


def _drop(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"DROP {identity.kind.upper()} {identity.name}"]


def _replace(identity: Identity, before: Snapshot, after: Snapshot) -> list[str] | None:
    """Replace the body only: other arguments or another result make it another function."""
    if before[identity].partition(_BODY)[0] != after[identity].partition(_BODY)[0]:
        return None
    return _create(identity, after, replace="OR REPLACE ")


KINDS = {
    "function": Kind(create=_create, drop=_drop, change=_replace),
    "procedure": Kind(create=_create, drop=_drop, change=_replace),
    "aggregate": Kind(create=_create_aggregate, drop=_drop),
}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
