"""Triggers and rules, and whether they are enabled."""

from alembic.runtime.plugins import Plugin

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ...emit import compares
from ..sql import quote
from .kind import Kind


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    return [objects[identity]]


def _drop(identity: Identity, _objects: Snapshot) -> list[str]:
    kind, table, name = identity
    return [f"DROP {kind.upper()} {quote(name)} ON {quote(table or '')}"]


def _set_state(identity: Identity, objects: Snapshot) -> list[str]:
    return _enable(identity, objects[identity])


def _enable(identity: Identity, state: str = "ENABLE") -> list[str]:
    what = identity.kind.removesuffix(" state").upper()
    return [f"ALTER TABLE {quote(identity.table or '')} {state} {what} {quote(identity.name)}"]


def _refuse(identity: Identity, _before: Snapshot, _after: Snapshot) -> str:
    return (
        f'Triggers that enforce the foreign keys of table "{identity.table}" are disabled, which '
        "only a superuser can do and undo.\n"
        f"Have one run: ALTER TABLE {quote(identity.table or '')} ENABLE TRIGGER ALL;"
    )


_OBJECT = Kind(create=_create, drop=_drop)
_STATE = Kind(
    create=_set_state,
    drop=lambda identity, _: _enable(identity),
    change=lambda identity, _, after: _set_state(identity, after),
)

KINDS = {
    "trigger": _OBJECT,
    "rule": _OBJECT,
    "trigger state": _STATE,
    "rule state": _STATE,
    "foreign key triggers": Kind(create=lambda *_: [], drop=lambda *_: [], refuse=_refuse),
}


def setup(plugin: Plugin) -> None:
    """Register the comparator with Alembic."""
    compares(plugin, KINDS)
