"""Sequences and extended statistics; and what nothing describes, so that a person has to decide.

What a sequence has counted so far is data. Operators, collations and text search objects are known
by their names only.
"""

from ....catalog.identity import Identity
from ....catalog.queries.others import KINDS as NAMES
from ....catalog.snapshot import Snapshot
from ..sql import quote
from .kind import Kind


def _alter_sequence(identity: Identity, action: str) -> list[str]:
    return [f"ALTER SEQUENCE {quote(identity.table or identity.name)} {action}"]


def _set_owner(identity: Identity, objects: Snapshot) -> list[str]:
    return _alter_sequence(identity, f"OWNED BY {objects[identity]}")


def _set_target(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"ALTER STATISTICS {quote(identity.name)} SET STATISTICS {objects[identity]}"]


def _refuse(identity: Identity, before: Snapshot, _after: Snapshot) -> str:
    if identity in before:
        return (
            f"The models know nothing of the {identity}.\nIf it is not needed, write a revision "
            f"that runs: DROP {identity.kind.upper()} {identity.name};"
        )
    return (
        f"The models create the {identity}, which autogenerate cannot print.\n"
        "Write a revision by hand that creates it."
    )


_UNMENDABLE = Kind(create=lambda *_: [], drop=lambda *_: [], refuse=_refuse)

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
    **{kind: _UNMENDABLE for name in NAMES for kind in (name, f"{name} comment")},
}
