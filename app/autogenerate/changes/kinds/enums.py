"""Enum types that change: values that are added in place, and types that are made anew.

PostgreSQL adds values at once, and takes none away: then a new type takes the place of the old one,
with the domains and composite types over it, and their columns are converted. What else depends on
them is taken down before and put back after, as for anything that is made anew.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ....catalog.definitions import of_owner
from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from ..sql import quote, shorten

ENUM = "AS ENUM ("
# As quote_literal() writes them.
_LITERAL = re.compile(r"E?'(?:[^']|'')*'")


@dataclass(frozen=True)
class Remade:
    """Types that are made anew, those over another one after it, and the columns of them."""

    types: Sequence[Identity]
    columns: Sequence[Identity]


def values_of(definition: str) -> list[str]:
    """Return the values of an enum, as literals."""
    return _LITERAL.findall(definition.removeprefix(ENUM))


def only_adds(before: str, after: str) -> bool:
    """Tell whether an enum keeps all its values, in their order."""
    if not (before.startswith(ENUM) and after.startswith(ENUM)):
        return False
    wanted = iter(values_of(after))
    return all(value in wanted for value in values_of(before))


def add_values(identity: Identity, before: Snapshot, after: Snapshot) -> list[str]:
    """Return the statements that add what is missing, each value where it belongs."""
    there, wanted = values_of(before[identity]), values_of(after[identity])
    statements = []
    for position, value in enumerate(wanted):
        if value in there:
            continue
        place = ""
        if position:
            previous = wanted[position - 1]
            if previous != there[-1]:
                place = f" AFTER {previous}"
            there.insert(there.index(previous) + 1, value)
        else:
            place = f" BEFORE {there[0]}" if there else ""
            there.insert(0, value)
        statements.append(f"ALTER TYPE {quote(identity.name)} ADD VALUE {value}{place}")
    return statements


def remake(
    remade: Remade,
    after: Snapshot,
    create: Callable[[Identity, Snapshot], list[str]],
    within: Callable[[Identity, Snapshot], set[Identity]],
) -> Iterator[str]:
    """Yield the statements that put the types of ``after`` in the place of those that are there."""
    for type_ in remade.types:
        yield f"{_alter(type_)} RENAME TO {_old(type_)}"
    for type_ in remade.types:
        yield from create(type_, after)
        apart = set(parts_of(type_, after)) - within(type_, after)
        for part in sorted(apart, key=lambda each: each.kind.endswith("comment")):
            yield from create(part, after)
    by_table: defaultdict[str, list[str]] = defaultdict(list)
    for column in remade.columns:
        name, type_name = quote(column.name), after[column].partition(" COLLATE ")[0]
        by_table[column.table or ""].append(
            f"ALTER COLUMN {name} TYPE {after[column]} USING {name}::text::{type_name}"
        )
    for table, actions in by_table.items():
        yield f"ALTER TABLE {quote(table)} " + ",\n    ".join(actions)
    for type_ in reversed(remade.types):
        yield f"DROP {type_.kind.upper()} {_old(type_)}"


def parts_of(type_: Identity, objects: Snapshot) -> Iterable[Identity]:
    """Return what vanishes with a type, at any depth."""
    for part in of_owner(objects, type_):
        yield part
        yield from parts_of(part, objects)


def _alter(type_: Identity) -> str:
    return f"ALTER {type_.kind.upper()} {quote(type_.name)}"


def _old(type_: Identity) -> str:
    return quote(shorten(f"{type_.name}_old"))
