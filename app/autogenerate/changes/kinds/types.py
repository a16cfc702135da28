"""Enum, composite and range types, and domains.

An enum that changes is made anew and the columns that use it are converted, which works in both
directions; ALTER TYPE … ADD VALUE could not be undone.
"""

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..sql import quote
from .kind import Kind

_ENUM = "AS ENUM "


def _create(identity: Identity, objects: Snapshot) -> list[str]:
    return [f"CREATE TYPE {quote(identity.name)} {objects[identity]}"]


def _convert(identity: Identity, before: Snapshot, after: Snapshot) -> list[str]:
    name = quote(identity.name)
    old = quote(f"{identity.name}_old")
    statements = [f"ALTER TYPE {name} RENAME TO {old}", *_create(identity, after)]
    for column, type_ in after.items():
        if (
            column.kind != "column"
            or type_ not in (name, f"{name}[]")
            or (before.get(column) != type_)
        ):
            continue
        default = before.get(Identity("default", column.table, column.name))
        where = f"ALTER TABLE {quote(column.table or '')} ALTER COLUMN {quote(column.name)}"
        text = "text[]" if type_.endswith("[]") else "text"
        if default is not None:
            statements.append(f"{where} DROP DEFAULT")
        statements.append(f"{where} TYPE {type_} USING {quote(column.name)}::{text}::{type_}")
        if default is not None:
            statements.append(f"{where} SET DEFAULT {default}")
    return [*statements, f"DROP TYPE {old}"]


def _refuse_type(identity: Identity, before: Snapshot, after: Snapshot) -> str | None:
    if any(not side.get(identity, "AS").startswith("AS") for side in (before, after)):
        return (
            f"Autogenerate writes no base type: the {identity} and its functions need each other.\n"
            "Write the revision by hand: CREATE TYPE without a definition, its functions, then "
            "CREATE TYPE with its definition."
        )
    definitions = (before.get(identity, _ENUM), after.get(identity, _ENUM))
    if all(definition.startswith(_ENUM) for definition in definitions) or (
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


def _domain(identity: Identity) -> str:
    return f"ALTER DOMAIN {quote(identity.table or '')}"


KINDS = {
    "type": Kind(
        create=_create,
        drop=lambda identity, _: [f"DROP TYPE {quote(identity.name)}"],
        change=_convert,
        refuse=_refuse_type,
    ),
    "domain": Kind(
        create=lambda identity, objects: [
            f"CREATE DOMAIN {quote(identity.name)} AS {objects[identity]}"
        ],
        drop=lambda identity, _: [f"DROP DOMAIN {quote(identity.name)}"],
        refuse=_refuse_domain,
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
