"""Reading the definitions of a snapshot: what belongs to a column, the columns of a table."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from sqlalchemy.dialects import postgresql

from .identity import Identity

INVALID = " INVALID"
"""What stands behind the definition of an index that no query uses: its build failed."""
UNCHECKED = (" NOT VALID", " NOT ENFORCED")
"""What stands behind the definition of a constraint that no row is checked against."""
NAME_LENGTH = 63  # bytes
_ROUTINE = re.compile(r'(?:"(?:[^"]|"")*"|[^("]+)')
# With parameters as in format strings, every % in a name would be doubled.
_DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_PREPARER = _DIALECT.identifier_preparer


class Objects(Mapping[Identity, str]):
    """Objects and their definitions, never changed, and found by their table or owner at once."""

    def __init__(self, definitions: Mapping[Identity, str]) -> None:
        self._definitions = dict(definitions)

    def __getitem__(self, identity: Identity) -> str:
        return self._definitions[identity]

    def __iter__(self) -> Iterator[Identity]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

    def __contains__(self, identity: object) -> bool:
        return identity in self._definitions

    @cached_property
    def by_table(self) -> Mapping[str, list[Identity]]:
        """What each table (or domain, or sequence) has, in order."""
        found: defaultdict[str, list[Identity]] = defaultdict(list)
        for identity in self._definitions:
            if identity.table is not None:
                found[identity.table].append(identity)
        return found

    @cached_property
    def by_owner(self) -> Mapping[Identity, list[Identity]]:
        """What vanishes with each object, itself or what it has, in order."""
        found: defaultdict[Identity, list[Identity]] = defaultdict(list)
        for identity in self._definitions:
            for owner in identity.owners:
                found[owner].append(identity)
        return found

    @cached_property
    def by_column(self) -> Mapping[tuple[str, str], list[str]]:
        """The sequences that each column owns, by table and name."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for identity, owner in self._definitions.items():
            if identity.kind == "sequence owner":
                table, column = unquoted(owner)[-2:]
                found[table, column].append(identity.name)
        return found


class Without(Mapping[Identity, str]):
    """The same objects without one of them, and at no cost."""

    def __init__(self, objects: Mapping[Identity, str], gone: Identity) -> None:
        self.all, self._gone = objects, gone

    def __getitem__(self, identity: Identity) -> str:
        if identity == self._gone:
            raise KeyError(identity)
        return self.all[identity]

    def __iter__(self) -> Iterator[Identity]:
        return (each for each in self.all if each != self._gone)

    def __len__(self) -> int:
        return len(self.all) - (self._gone in self.all)

    def __contains__(self, identity: object) -> bool:
        return identity != self._gone and identity in self.all


def of_table(definitions: Mapping[Identity, str], table: str) -> list[Identity]:
    """Return what belongs to ``table``, in the order of ``definitions``."""
    if isinstance(definitions, Without):
        return [each for each in of_table(definitions.all, table) if each in definitions]
    if isinstance(definitions, Objects):
        return definitions.by_table.get(table, [])
    return [each for each in definitions if each.table == table]


def of_owner(definitions: Mapping[Identity, str], owner: Identity) -> list[Identity]:
    """Return what vanishes with ``owner`` directly, in the order of ``definitions``."""
    if isinstance(definitions, Without):
        return [each for each in of_owner(definitions.all, owner) if each in definitions]
    if isinstance(definitions, Objects):
        return definitions.by_owner.get(owner, [])
    return [each for each in definitions if owner in each.owners]


def owned_sequences(definitions: Mapping[Identity, str], table: str, column: str) -> list[str]:
    """Return the names of the sequences that belong to a column."""
    if isinstance(definitions, Without):
        found = owned_sequences(definitions.all, table, column)
        return [n for n in found if Identity("sequence owner", None, n) in definitions]
    if not isinstance(definitions, Objects):
        definitions = Objects(definitions)
    return definitions.by_column.get((table, column), [])


def unquoted(name: str) -> list[str]:
    """Return the parts of a name that PostgreSQL printed, without quotes."""
    return list(_PREPARER.unformat_identifiers(name))


def split_routine(name: str) -> tuple[str, str]:
    """Return the name of a routine, in quotes if it needs them, and its arguments."""
    # In quotes, a quote is doubled, and a parenthesis is one of the name.
    end = _ROUTINE.match(name)
    length = end.end() if end is not None else 0
    return name[:length], name[length:]


def columns_of(definitions: Mapping[Identity, str], table: str) -> list[str]:
    """Return the names of the columns of ``table``, in the order of ``definitions``."""
    return [each.name for each in of_table(definitions, table) if each.kind == "column"]


def column_clause(definitions: Mapping[Identity, str], table: str, column: str) -> str:
    """Return all that stands after the name of ``column`` in CREATE TABLE."""

    def part(kind: str) -> str | None:
        return definitions.get(Identity(kind, table, column))

    default = part("default")
    parts = (
        part("column"),
        identity_clause(definitions, table, column),
        f"DEFAULT {default}" if default else None,
        part("generated expression"),
        part("not null"),
    )
    return " ".join(clause for clause in parts if clause)


def identity_clause(definitions: Mapping[Identity, str], table: str, column: str) -> str | None:
    """Return what makes ``column`` an identity; None if it is none."""
    identity = definitions.get(Identity("identity", table, column))
    if identity is None:
        return None
    generated, _, options = identity.partition(" (")
    if not has_usual_sequence(definitions, table, column):
        sequence = definitions[Identity("identity sequence", table, column)]
        options = f"SEQUENCE NAME {sequence} {options}"
    return f"GENERATED {generated} AS IDENTITY ({options}"


def has_usual_sequence(definitions: Mapping[Identity, str], table: str, column: str) -> bool:
    """Tell whether the sequence of an identity has the name that PostgreSQL gives it."""
    sequence = definitions.get(Identity("identity sequence", table, column))
    return sequence is None or unquoted(sequence) == [usual_name(table, column, "seq")]


def usual_name(table: str, column: str, label: str) -> str:
    """Return the name that PostgreSQL makes up where that is not taken: ``table_column_seq``."""
    lengths = [len(table.encode()), len(column.encode())]
    room = NAME_LENGTH - len(label) - 2
    while sum(lengths) > room:
        lengths[0 if lengths[0] > lengths[1] else 1] -= 1
    parts = zip((table, column), lengths, strict=True)
    cut = [part.encode()[:length].decode(errors="ignore") for part, length in parts]
    return "_".join((*cut, label))
