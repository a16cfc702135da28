"""Reading the definitions of a snapshot: what belongs to a column, the columns of a table."""

from collections.abc import Mapping

from .identity import Identity

INVALID = " INVALID"
"""What stands behind the definition of an index that no query uses: its build failed."""


def columns_of(definitions: Mapping[Identity, str], table: str) -> list[str]:
    """Return the names of the columns of ``table``, in the order of ``definitions``."""
    return [name for kind, owner, name in definitions if kind == "column" and owner == table]


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
    return sequence in (None, f"{table}_{column}_seq")
