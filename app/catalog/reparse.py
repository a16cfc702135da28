"""Definitions that differ only in how often PostgreSQL has parsed them.

What PostgreSQL prints is not always a fixed point: ``x IN ('a', 'b')`` over a varchar prints
differently once its own text has been parsed again, as a dump and restore does. So where two texts
differ, each is parsed once more in the scratch schema, by making the object from it.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, exc

from ..server.parameters import execute_as_is
from .definitions import INVALID
from .differences import Difference
from .identity import Identity
from .snapshot import Snapshot, search_path, snapshot

MakeAgain = Callable[[Identity, Snapshot], list[str]]
"""Gives the statements that drop an object and make it again from its own definition."""

_WITH_EXPRESSIONS = {
    "check constraint",
    "default",
    "domain constraint",
    "domain property",
    "exclusion constraint",
    "extended statistics",
    "generated expression",
    "index",
    "materialized view",
    "policy",
    "rule",
    "trigger",
    "view",
    "view default",
}


def same_when_reparsed(
    connection: Connection,
    schema: str,
    differences: Iterable[Difference],
    expected: Snapshot,
    found: Snapshot,
    make_again: MakeAgain,
) -> set[Identity]:
    """Return which of ``differences`` are none.

    ``schema`` is the scratch schema, which holds ``expected``; it is of no use afterwards.
    """
    doubtful = [
        difference.identity
        for difference in differences
        if difference.status == "changed"
        and difference.identity.kind in _WITH_EXPRESSIONS
        # Made again, an index is valid.
        and not (difference.found or "").endswith(INVALID)
    ]
    if not doubtful:
        return set()
    models_again = _printed_again(connection, schema, doubtful, expected, make_again)
    same = {each for each in doubtful if models_again.get(each) == found[each]}
    rest = [each for each in doubtful if each not in same]
    if rest:
        live = {**expected, **{each: found[each] for each in rest}}
        live_again = _printed_again(connection, schema, rest, live, make_again)
        same |= {
            each
            for each in rest
            if each in live_again and live_again[each] in (expected[each], models_again.get(each))
        }
    return same


def _printed_again(
    connection: Connection,
    schema: str,
    identities: list[Identity],
    objects: Snapshot,
    make_again: MakeAgain,
) -> Snapshot:
    """Return how those of ``identities`` print that can be made from their own text."""
    made_again = set()
    with search_path(connection, schema):
        for identity in identities:
            made = identity
            if identity.kind == "generated expression":
                made = Identity("column", identity.table, identity.name)
            try:
                with connection.begin_nested():
                    for statement in make_again(made, objects):
                        execute_as_is(connection, statement)
            except exc.DBAPIError:
                # The text does not fit here, for want of a column, say: the definitions do differ.
                continue
            made_again.add(identity)
    printed = snapshot(connection, schema, version_table=None)
    return {identity: printed[identity] for identity in made_again if identity in printed}
