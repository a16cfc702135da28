"""SQL that runs in the database: functions, views, triggers and rules, policies."""

from ....catalog.definitions import split_routine
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..models import Models
from ..sql import quote
from .kind import Kind

# The first line of a function's definition is what callers see.
_BODY = "\nLANGUAGE "


def _create_function(identity: Identity, objects: Snapshot, *, replace: str = "") -> list[str]:
    name, _ = split_routine(identity.name)
    return [f"CREATE {replace}{identity.kind.upper()} {name}{objects[identity]}"]


def _create_aggregate(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE AGGREGATE {identity.name} {objects[identity]}"]


def _drop_function(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"DROP {identity.kind.upper()} {identity.name}"]


def _replace_function(identity: Identity, before: Snapshot, after: Snapshot) -> list[str] | None:
    """Replace the body only: other arguments or another result make it another function."""
    if before[identity].partition(_BODY)[0] != after[identity].partition(_BODY)[0]:
        return None
    return _create_function(identity, after, replace="OR REPLACE ")


def _create_view(identity: Identity, objects: Snapshot) -> list[str]:
    data = "".join(f"\n{objects[each]}" for each in _within_view(identity, objects))
    return [f"CREATE {identity.kind.upper()} {quote(identity.name)} AS\n{objects[identity]}{data}"]


def _within_view(
    identity: Identity, objects: Snapshot, _models: Models | None = None
) -> set[Identity]:
    return {Identity("view property", identity.name, "populated")} & objects.keys()


def _refresh(identity: Identity, how: str = "") -> list[str]:
    return [f"REFRESH MATERIALIZED VIEW {quote(identity.table or '')}{how}"]


def _alter_view(identity: Identity, action: str) -> list[str]:
    view, column = quote(identity.table or ""), quote(identity.name)
    return [f"ALTER VIEW {view} ALTER COLUMN {column} {action}"]


def _drop_view(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"DROP {identity.kind.upper()} {quote(identity.name)}"]


def _on_table(identity: Identity) -> str:
    return f"{identity.kind.upper()} {quote(identity.name)} ON {quote(identity.table or '')}"


def _create_policy(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE {_on_table(identity)} {objects[identity]}"]


def _drop_on_table(identity: Identity, _objects: Snapshot) -> list[str]:
    return [f"DROP {_on_table(identity)}"]


def _set_state(identity: Identity, objects: Snapshot) -> list[str]:
    return _enable(identity, objects[identity])


def _enable(identity: Identity, state: str = "ENABLE") -> list[str]:
    what = identity.kind.removesuffix(" state").upper()
    return [f"ALTER TABLE {quote(identity.table or '')} {state} {what} {quote(identity.name)}"]


def _refuse_disabled(identity: Identity, _before: Snapshot, _after: Snapshot) -> str:
    return (
        f'Triggers that enforce the foreign keys of table "{identity.table}" are disabled, which '
        "only a superuser can do and undo.\n"
        f"Have one run: ALTER TABLE {quote(identity.table or '')} ENABLE TRIGGER ALL;"
    )


_FUNCTION = Kind(create=_create_function, drop=_drop_function, change=_replace_function)
_VIEW = Kind(create=_create_view, drop=_drop_view, within=_within_view)
# PostgreSQL prints them whole.
_TRIGGER = Kind(create=lambda identity, objects: [objects[identity]], drop=_drop_on_table)
_STATE = Kind(
    create=_set_state,
    drop=lambda identity, _: _enable(identity),
    change=lambda identity, _, after: _set_state(identity, after),
)

KINDS = {
    "function": _FUNCTION,
    "procedure": _FUNCTION,
    "aggregate": Kind(create=_create_aggregate, drop=_drop_function),
    "view": _VIEW,
    "materialized view": _VIEW,
    "view property": Kind(
        create=lambda identity, objects: _refresh(identity, f" {objects[identity]}"),
        drop=lambda identity, _: _refresh(identity),
    ),
    "view default": Kind(
        create=lambda identity, objects: _alter_view(identity, f"SET DEFAULT {objects[identity]}"),
        drop=lambda identity, _: _alter_view(identity, "DROP DEFAULT"),
        change=lambda identity, _, after: _alter_view(identity, f"SET DEFAULT {after[identity]}"),
    ),
    "trigger": _TRIGGER,
    "rule": _TRIGGER,
    "trigger state": _STATE,
    "rule state": _STATE,
    "foreign key triggers": Kind(create=lambda *_: [], drop=lambda *_: [], refuse=_refuse_disabled),
    "policy": Kind(create=_create_policy, drop=_drop_on_table),
}
