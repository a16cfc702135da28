"""Comparing two snapshots, and telling the differences so that a person can act on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from .definitions import column_clause, columns_of
from .identity import Identity
from .snapshot import Snapshot


@dataclass(frozen=True)
class Difference:
    """An object whose definition is not as expected; None where the object does not exist."""

    identity: Identity
    expected: str | None
    found: str | None

    @property
    def status(self) -> str:
        """``missing``, ``unexpected`` or ``changed``."""
        if self.found is None:
            return "missing"
        return "unexpected" if self.expected is None else "changed"


def compare(expected: Snapshot, found: Snapshot) -> list[Difference]:
    """Return what differs in ``found`` from ``expected``, sorted by table and kind of object.

    A partition is never unexpected, not even a DEFAULT partition that the models do not ask for.
    """
    if expected == found:
        return []
    return [
        Difference(identity, expected.get(identity), found.get(identity))
        for identity in sorted({**expected, **found}, key=_position)
        if expected.get(identity) != found.get(identity)
        and not (identity.kind == "default partition" and identity not in expected)
    ]


def describe(
    differences: Sequence[Difference], *, expected: str = "models", found: str = "database"
) -> str:
    """Return a short text that names each object of ``differences`` with both its definitions.

    ``expected`` and ``found`` are what to call the two sides. What vanishes or appears with an
    object (the columns of a table, the comment of an index) is not named again.
    """
    width = max(len(expected), len(found)) + 1
    by_status: dict[str, dict[Identity, str]] = {"missing": {}, "unexpected": {}, "changed": {}}
    for difference in differences:
        definition = difference.found if difference.expected is None else difference.expected
        by_status[difference.status][difference.identity] = definition or ""
    lines: list[str] = []
    for difference in differences:
        identity, status = difference.identity, difference.status
        together = by_status[status]
        if status != "changed" and any(owner in together for owner in identity.owners):
            continue
        lines.append(f"{status} {identity}")
        for side, definition in ((found, difference.found), (expected, difference.expected)):
            if definition is not None:
                shown = definition if status == "changed" else _with_parts(identity, together)
                lines.append(indent(f"{side + ':':<{width}} {shown or '(present)'}", "    "))
            elif status == "changed":
                lines.append(f"    {side + ':':<{width}} (absent)")
    return "\n".join(lines)


def _position(identity: Identity) -> tuple[str, bool, str, str]:
    kind, table, name = identity
    # Columns stay in the order in which they were declared.
    return (table or name, table is not None, kind, "" if kind == "column" else name)


def _with_parts(identity: Identity, definitions: Mapping[Identity, str]) -> str:
    if identity.kind == "column" and identity.table is not None:
        return column_clause(definitions, identity.table, identity.name)
    if identity.kind == "table":
        names = columns_of(definitions, identity.name)
        columns = ", ".join(
            f"{name} {column_clause(definitions, identity.name, name)}" for name in names
        )
        return f"{definitions[identity]} ({columns})"
    return definitions[identity]
