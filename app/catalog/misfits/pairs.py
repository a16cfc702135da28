"""Rows that conflict with another one, whatever operators say so."""

from collections.abc import Sequence

from ..identity import Identity
from .question import Question, counting


def conflicting(
    rule: Identity,
    source: str,
    key: str,
    keys: Sequence[str],
    operators: Sequence[str],
    conditions: Sequence[str],
) -> Question:
    """Return the question for rows of which another one is, by all ``operators``, like them.

    ``key`` is that of the rows; ``conditions`` are those under which a row counts at all.
    """
    names = [f"key_{number}" for number in range(1, len(keys) + 1)]
    named = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=True))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = f"(SELECT {key} AS key, tableoid AS part, ctid AS place, {named} FROM {source}{where})"  # noqa: S608
    alike = " AND ".join(
        f"one.{name} {operator} other.{name}"
        for name, operator in zip(names, operators, strict=True)
    )
    find = (
        f"SELECT one.key FROM {rows} AS one WHERE EXISTS ("  # noqa: S608
        f"SELECT FROM {rows} AS other WHERE {alike} "
        "AND (one.part, one.place) <> (other.part, other.place))"
    )
    return counting(
        rule,
        [source],
        find,
        pairs=True,
        misfits=f"rows of {source} that conflict with another one",
        fix="Change or delete rows until none do",
    )
