"""Whether a type takes every value of another: told by the cast that PostgreSQL has for them.

A cast without a function changes nothing, and a function that PostgreSQL calls leakproof fails for
no value. Whatever there is can be printed.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, TextClause, text

# Neither cares for the length: where the type has one, the cast alone does not tell.
_TAKES_ALL = text("""
SELECT :new NOT LIKE '%(%' AND (
    to_regtype(:new) IN ('text'::regtype, 'varchar'::regtype, to_regtype(:old))
    OR EXISTS (
        SELECT FROM pg_cast LEFT JOIN pg_proc ON pg_proc.oid = castfunc
        WHERE (castsource, casttarget) = (to_regtype(:old), to_regtype(:new))
            AND castcontext IN ('i', 'a') AND (castmethod = 'b' OR proleakproof)))
""")
# Neither the rows nor their indexes are written anew, as far as the cast tells.
_KEEPS_ROWS = text("""
SELECT to_regtype(:new) = to_regtype(:old) OR EXISTS (
    SELECT FROM pg_cast
    WHERE (castsource, casttarget) = (to_regtype(:old), to_regtype(:new)) AND castmethod = 'b')
""")

Types = frozenset[tuple[str, str]]
"""Pairs of types, an old one and a new one, as PostgreSQL prints them."""


def taking_all(connection: Connection, pairs: Iterable[tuple[str, str]]) -> Types:
    """Return those of ``pairs`` whose new type takes every value of the old one."""
    return _where(connection, _TAKES_ALL, pairs)


def keeping_rows(connection: Connection, pairs: Iterable[tuple[str, str]]) -> Types:
    """Return those of ``pairs`` whose values are stored alike; a length may still not suffice."""
    return _where(connection, _KEEPS_ROWS, pairs)


def _where(connection: Connection, told: TextClause, pairs: Iterable[tuple[str, str]]) -> Types:
    return frozenset(
        (old, new)
        for old, new in set(pairs)
        if connection.execute(told, {"old": old, "new": new}).scalar()
    )
