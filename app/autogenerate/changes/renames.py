"""What has another name and is the same otherwise: renamed, not made anew.

A table that was renamed keeps the names of its constraints, indexes and sequences, and so does one
whose naming convention changes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from alembic.operations.ops import MigrateOperation
from alembic.util import CommandError

from ...catalog.definitions import INVALID, Objects, unquoted
from ...catalog.differences import Difference, compare
from ...catalog.identity import Identity
from ...catalog.snapshot import Snapshot
from ...server.quoting import quote_literal
from ..scratch import Drift
from .kinds.enums import ENUM, values_of
from .sql import quote, statements
from .steps import RELATIONS, Step

_TABLE = "ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}"
_STATEMENTS = {
    "primary key": _TABLE,
    "unique constraint": _TABLE,
    "check constraint": _TABLE,
    "foreign key": _TABLE,
    "exclusion constraint": _TABLE,
    "index": "ALTER INDEX {old} RENAME TO {new}",
    "trigger": "ALTER TRIGGER {old} ON {table} RENAME TO {new}",
    "policy": "ALTER POLICY {old} ON {table} RENAME TO {new}",
    "sequence": "ALTER SEQUENCE {old} RENAME TO {new}",
    "domain constraint": "ALTER DOMAIN {table} RENAME CONSTRAINT {old} TO {new}",
}
_COUNTS = ("nextval('", "'::regclass)")
_BY_NAME = {"replica identity": "USING INDEX ", "clustered on": ""}
Names = Mapping[Identity, Identity]


@dataclass(frozen=True)
class ValueRename:
    """A value of an enum that is called otherwise from now on, which no comparison can tell."""

    type: str
    old: str
    new: str


def parse_renames(text: str | None) -> list[ValueRename]:
    """Return what ``-x rename=type.old:new,type.old:new`` says.

    Raises:
        CommandError: it does not say that.
    """
    found = []
    for part in (text or "").split(","):
        type_, dot, values = part.strip().partition(".")
        old, colon, new = values.partition(":")
        if part.strip() and not (type_ and dot and old and colon and new):
            raise CommandError(
                f"-x rename={text} is not understood.\nNothing was compared. A value of an enum is "
                "renamed by: -x rename=type.old:new"
            )
        if part.strip():
            found.append(ValueRename(type_, old, new))
    return found


def rename(drift: Drift, values: Sequence[ValueRename] = ()) -> tuple[Drift, list[Step]]:
    """Return what differs still when all is renamed that can be, and the steps that do so.

    Raises:
        CommandError: one of ``values`` is none, or the models do not have it so.
    """
    renaming = []
    for value in values:
        drift, step = _rename_value(drift, value)
        renaming.append(step)
    drift, steps = _rename_objects(drift)
    return drift, [*renaming, *steps]


def _rename_value(drift: Drift, value: ValueRename) -> tuple[Drift, Step]:
    enum = Identity("type", None, value.type)
    old, new = quote_literal(value.old), quote_literal(value.new)
    there, wanted = drift.found.get(enum, ""), drift.expected.get(enum, "")
    if old not in values_of(there) or new in values_of(there) or new not in values_of(wanted):
        raise CommandError(
            f"-x rename={value.type}.{value.old}:{value.new} names no such change.\n"
            f"    database: {there or 'no such enum'}\n    models:   {wanted or 'no such enum'}\n"
            "Nothing was written."
        )
    # As PostgreSQL prints the value wherever it stands.
    says = {f"{old}::{name}": f"{new}::{name}" for name in (quote(value.type), f'"{value.type}"')}
    found = dict(drift.found)
    for each in drift.found:
        if enum in drift.found_dependencies.get(each, ()):
            for said, says_now in says.items():
                found[each] = found[each].replace(said, says_now)
    named = [new if each == old else each for each in values_of(there)]
    found[enum] = f"{ENUM}{', '.join(named)})"

    def statement(before: str, after: str) -> list[MigrateOperation]:
        return statements([f"ALTER TYPE {quote(value.type)} RENAME VALUE {before} TO {after}"])

    step = Step(enum, {enum}, statement(old, new), statement(new, old), changes=True, renames=True)
    return replace(drift, found=Objects(found), differences=compare(drift.expected, found)), step


def _rename_objects(drift: Drift) -> tuple[Drift, list[Step]]:
    names = _names(drift)
    if not names:
        return drift, []
    said = _said_by_name(drift, names)
    found = Objects(
        {_renamed(each, names): said.get(each, text) for each, text in drift.found.items()}
    )
    dependencies = {
        _renamed(each, names): {_renamed(other, names) for other in references}
        for each, references in drift.found_dependencies.items()
    }
    differences = compare(drift.expected, found)
    left = replace(drift, differences=differences, found=found, found_dependencies=dependencies)
    by_itself = {old for old, new in names.items() if _follows(old, new, names, drift)}
    return left, [_step(old, new) for old, new in names.items() if old not in by_itself]


def _step(old: Identity, new: Identity) -> Step:
    def statement(before: Identity, after: Identity) -> str:
        return _STATEMENTS[old.kind].format(
            table=quote(old.table or ""), old=quote(before.name), new=quote(after.name)
        )

    named = old.kind in RELATIONS
    return Step(
        new,
        {old, new},
        statements([statement(old, new)]),
        statements([statement(new, old)]),
        changes=True,
        renames=True,
        frees={old.name} if named else set(),
        takes={new.name} if named else set(),
    )


def _names(drift: Drift) -> dict[Identity, Identity]:
    """Return the objects that are called otherwise by the models, each with its new name."""
    going: defaultdict[object, list[Identity]] = defaultdict(list)
    for each in drift.differences:
        if each.expected is None and _can_be_renamed(each, drift):
            going[_likeness(each.identity, drift.found)].append(each.identity)
    names: dict[Identity, Identity] = {}
    taken = {each.name for each in drift.found if each.kind in RELATIONS}
    taken |= {unquoted(t)[0] for i, t in drift.found.items() if i.kind == "identity sequence"}
    for each in drift.differences:
        identity = each.identity
        if each.found is not None or not _can_be_renamed(each, drift):
            continue
        alike = going.get(_likeness(identity, drift.expected))
        if alike and not (identity.kind in RELATIONS and identity.name in taken):
            names[alike.pop(0)] = identity
    for old, new in list(names.items()):
        for heir in _heirs(old, drift):
            names.setdefault(heir, new._replace(table=heir.table))
    return names


def _heirs(check: Identity, drift: Drift) -> list[Identity]:
    """Return the same CHECK of the tables that inherit it, one from another."""
    found: list[Identity] = []
    tables = [check.table or ""] if check.kind == "check constraint" else []
    for parent in tables:
        for each, references in drift.found_dependencies.items():
            if each.kind == "table" and Identity("table", None, parent) in references:
                heir = check._replace(table=each.name)
                if heir in drift.found and heir not in found:
                    found.append(heir)
                    tables.append(each.name)
    return found


def _can_be_renamed(difference: Difference, drift: Drift) -> bool:
    identity = difference.identity
    if identity.kind not in _STATEMENTS or (difference.found or "").endswith(INVALID):
        return False
    owner = Identity(
        "table" if identity.kind != "domain constraint" else "domain", None, identity.table or ""
    )
    return identity.table is None or (owner in drift.found and owner in drift.expected)


def _likeness(identity: Identity, objects: Snapshot) -> object:
    """Return what two objects have in common that differ in nothing but their name."""
    definition = objects[identity]
    if identity.kind == "trigger":
        # PostgreSQL prints the name too, the first time it stands there.
        for name in (quote(identity.name), f'"{identity.name}"'):
            if f" TRIGGER {name} " in definition:
                definition = definition.replace(f" TRIGGER {name} ", " TRIGGER ", 1)
                break
    owner = objects.get(Identity("sequence owner", None, identity.name))
    if identity.kind == "sequence":
        return identity.kind, definition, owner, None if owner else _users(identity, objects)
    return identity.kind, identity.table, definition


def _users(sequence: Identity, objects: Snapshot) -> tuple[Identity, ...]:
    """Return the defaults that count by a sequence which no column owns."""
    return tuple(
        each
        for each, text in objects.items()
        if each.kind == "default" and _counter(text) == sequence.name
    )


def _counter(default: str) -> str | None:
    begin, end = _COUNTS
    if not (default.startswith(begin) and default.endswith(end)):
        return None
    return unquoted(default.removeprefix(begin).removesuffix(end))[-1]


def _follows(old: Identity, new: Identity, names: Names, drift: Drift) -> bool:
    """Tell whether PostgreSQL renames it by itself, for a table that it inherits from."""
    if old.kind != "check constraint":
        return False
    parents = drift.found_dependencies.get(Identity("table", None, old.table or ""), ())
    return any(
        parent.kind == "table"
        and names.get(old._replace(table=parent.name)) == new._replace(table=parent.name)
        for parent in parents
    )


def _said_by_name(drift: Drift, names: Names) -> dict[Identity, str]:
    """Return the definitions that name what is renamed, with the name that it gets."""
    new = {old.name: to.name for old, to in names.items()}
    found, expected = drift.found, drift.expected
    said = {old: expected[to] for old, to in names.items() if to in expected}
    for identity, text in found.items():
        wanted = expected.get(identity, "")
        if identity.kind == "default":
            called, to_be = _counter(text), _counter(wanted)
        elif identity.kind == "table property" and identity.name in _BY_NAME:
            prefix = _BY_NAME[identity.name]
            if not (text.startswith(prefix) and wanted.startswith(prefix) and wanted):
                continue
            called, to_be = (unquoted(each.removeprefix(prefix))[-1] for each in (text, wanted))
        else:
            continue
        if called in new and new[called] == to_be:
            said[identity] = wanted
    return said


def _renamed(identity: Identity, names: Names) -> Identity:
    """Return what an object is called after all, or one that belongs to such."""
    if identity in names:
        return names[identity]
    for owner in _owners(identity):
        if owner not in names:
            continue
        old, new = owner.name, names[owner].name
        if identity.table == old and owner.table is None:
            return identity._replace(table=new)
        return identity._replace(name=new + identity.name.removeprefix(old))
    return identity


def _owners(identity: Identity) -> Iterator[Identity]:
    for owner in identity.owners:
        yield owner
        yield from _owners(owner)
