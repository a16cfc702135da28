"""Sequences and extended statistics; and what a person has to write by hand.

What a sequence has counted so far is data.
"""

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..sql import quote
from .kind import Kind


def _alter_sequence(identity: Identity, action: str) -> list[str]:
    return [f"ALTER SEQUENCE {quote(identity.table or identity.name)} {action}"]


def _set_owner(identity: Identity, objects: Snapshot) -> list[str]:
    return _alter_sequence(identity, f"OWNED BY {objects[identity]}")


def _set_target(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"ALTER STATISTICS {quote(identity.name)} SET STATISTICS {objects[identity]}"]


def _refuse(identity: Identity, before: Snapshot, after: Snapshot) -> str:
    what = identity.kind.upper()
    if identity.kind.endswith(_COMMENT):
        remedy = f"COMMENT ON {what.removesuffix(_COMMENT.upper())} {identity.name} IS …;"
    elif identity not in after:
        remedy = f"DROP {what} {identity.name};"
    elif identity not in before:
        remedy = f"CREATE {what} …;"
    else:
        remedy = f"ALTER {what} {identity.name} …;"
    return f"Autogenerate writes nothing for the {identity}.\nWrite a revision that runs: {remedy}"


_COMMENT = " comment"
_BY_HAND = (
    "operator",
    "operator class",
    "operator family",
    "cast",
    "transform",
    "collation",
    "conversion",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
)
_REFUSED = Kind(create=lambda *_: [], drop=lambda *_: [], refuse=_refuse)

KINDS = {
    "sequence": Kind(
        create=lambda identity, objects: [
            f"CREATE SEQUENCE {quote(identity.name)} {objects[identity]}"
        ],
        drop=lambda identity, _: [f"DROP SEQUENCE {quote(identity.name)}"],
        change=lambda identity, _, after: _alter_sequence(identity, after[identity]),
    ),
    "sequence owner": Kind(
        create=_set_owner,
        drop=lambda identity, _: _alter_sequence(identity, "OWNED BY NONE"),
        change=lambda identity, _, after: _set_owner(identity, after),
    ),
    "sequence property": Kind(
        create=lambda identity, objects: _alter_sequence(identity, f"SET {objects[identity]}"),
        drop=lambda identity, _: _alter_sequence(identity, "SET LOGGED"),
    ),
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
    **{kind: _REFUSED for name in _BY_HAND for kind in (name, f"{name}{_COMMENT}")},
}
