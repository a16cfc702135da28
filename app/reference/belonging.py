"""SQL for the rows that belong to one row of a table, and for the deletion of them all."""

from collections.abc import Sequence

from sqlalchemy import Table

from .deletion import Outcome, effects_of_deleting
from .going import Going, quote


def rows_reached(root: Table, table: Table, tables: Sequence[Table], value: str) -> str | None:
    """Return the SQL condition for the rows of ``table`` that belong to one row of ``root``.

    They refer to it themselves, or are deleted with it. ``value`` is the SQL of its key. None where
    ``table`` has no such rows.
    """
    effects = effects_of_deleting(root, tables)
    going = Going(root, tables, [e for e in effects if e.outcome is Outcome.DELETED], value)
    conditions = [going.itself] if table is root else []
    for effect in effects:
        if effect.table == table.name:
            if effect.outcome is Outcome.DELETED:
                conditions.append(going.through(effect))
            elif effect.parent == root.name:
                conditions.append(going.directly(effect))
    return " OR ".join(conditions) or None


def erasure(root: Table, tables: Sequence[Table], value: str) -> list[str]:
    """Return the statements that delete a row of ``root`` with all rows that would refuse it.

    ``value`` is the SQL of its key.
    """
    followed = (Outcome.DELETED, Outcome.REFUSED)
    effects = [
        effect
        for effect in effects_of_deleting(root, tables, followed)
        if effect.outcome in followed
    ]
    going = Going(root, tables, effects, value)
    refusing = [effect for effect in effects if effect.outcome is Outcome.REFUSED]
    left = list(dict.fromkeys(effect.table for effect in refusing))
    statements = []
    while left:
        # Children before parents; what refuses each other goes at once.
        lowest = next(
            name
            for name in left
            if all(other in going.circle(name) for other in left if other in going.below(name))
        )
        together = [name for name in left if name == lowest or name in going.circle(lowest)]
        left = [name for name in left if name not in together]
        deletes = [
            f"DELETE FROM {quote(name)} WHERE {going.condition(name, refusing)}"  # noqa: S608
            for name in together
        ]
        others = ", ".join(f"deleted_{n} AS ({d})" for n, d in enumerate(deletes[:-1], start=1))
        statements.append(f"WITH {others} {deletes[-1]};" if others else f"{deletes[-1]};")
    return [*statements, f"DELETE FROM {quote(root.name)} WHERE {going.itself};"]  # noqa: S608
