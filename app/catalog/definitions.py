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

    identity, default = part("identity"), part("default")
    parts = (
        part("column"),
        f"GENERATED {identity.replace(' (', ' AS IDENTITY (', 1)}" if identity else None,
        f"DEFAULT {default}" if default else None,
        part("generated expression"),
        part("not null"),
    )
    return " ".join(clause for clause in parts if clause)
