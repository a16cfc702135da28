"""Enum, composite and range types, and domains.

How an enum changes stands in enums.py.
"""

from ....catalog.definitions import of_owner
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..models import Models
from ..sql import quote
from .enums import ENUM, add_values
from .kind import Kind


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE TYPE {quote(identity.name)} {objects[identity]}"]


def _change(identity: Identity, before: Snapshot, after: Snapshot) -> list[str] | None:
    """Return what adds values; what takes some away is no change of one object alone."""
    both = before[identity].startswith(ENUM) and after[identity].startswith(ENUM)
    return add_values(identity, before, after) if both else None


def _refuse_type(identity: Identity, before: Snapshot, after: Snapshot) -> str | None:
    if any(not side.get(identity, "AS").startswith("AS") for side in (before, after)):
        return (
            f"Autogenerate writes no base type: the {identity} and its functions need each other.\n"
            "Write the revision by hand: CREATE TYPE without a definition, its functions, then "
            "CREATE TYPE with its definition."
        )
    definitions = (before.get(identity, ENUM), after.get(identity, ENUM))
    if all(definition.startswith(ENUM) for definition in definitions) or (
        identity not in before or identity not in after
    ):
        return None
    return _explain(identity, before, after)


def _refuse_domain(identity: Identity, before: Snapshot, after: Snapshot) -> str | None:
    if identity not in before or identity not in after:
        return None
    return _explain(identity, before, after)


def _explain(identity: Identity, before: Snapshot, after: Snapshot) -> str:
    return (
        f"The {identity} cannot be altered in place while columns use it.\n"
        f"    database: {before[identity]}\n    models:   {after[identity]}\n"
        "Write the revision by hand: create the type anew under another name and convert the "
        "columns."
    )


def within_domain(
    identity: Identity, objects: Snapshot, _models: Models | None = None
) -> set[Identity]:
    """Return what CREATE DOMAIN brings along: later, PostgreSQL may refuse to look at all rows."""
    return {
        each
        for each in of_owner(objects, identity)
        if each.kind == "domain property"
        or (each.kind == "domain constraint" and not objects[each].endswith(" NOT VALID"))
    }


def _create_domain(identity: Identity, objects: Snapshot) -> list[str]:
    parts = [
        f"{each.name} {objects[each]}".rstrip()
        if each.kind == "domain property"
        else f"CONSTRAINT {quote(each.name)} {objects[each]}"
        for each in sorted(within_domain(identity, objects), reverse=True)
    ]
    return [" ".join([f"CREATE DOMAIN {quote(identity.name)} AS {objects[identity]}", *parts])]


def _domain(identity: Identity) -> str:
    return f"ALTER DOMAIN {quote(identity.table or '')}"


KINDS = {
    "type": Kind(
        create=_create,
        drop=lambda identity, _: [f"DROP TYPE {quote(identity.name)}"],
        change=_change,
        refuse=_refuse_type,
    ),
    "domain": Kind(
        create=_create_domain,
        drop=lambda identity, _: [f"DROP DOMAIN {quote(identity.name)}"],
        refuse=_refuse_domain,
        within=within_domain,
    ),
    "domain property": Kind(
        create=lambda identity, objects: [
            f"{_domain(identity)} SET {identity.name} {objects[identity]}".rstrip()
        ],
        drop=lambda identity, _: [f"{_domain(identity)} DROP {identity.name}"],
        change=lambda identity, _, after: [
            f"{_domain(identity)} SET {identity.name} {after[identity]}"
        ],
    ),
    "domain constraint": Kind(
        create=lambda identity, objects: [
            f"{_domain(identity)} ADD CONSTRAINT {quote(identity.name)} {objects[identity]}"
        ],
        drop=lambda identity, _: [f"{_domain(identity)} DROP CONSTRAINT {quote(identity.name)}"],
    ),
}
