"""NOT NULL is proved by a validated CHECK, so that setting it reads no row."""

from ...changes.sql import quote, shorten
from ..operations import Autocommit, Remark, Statement
from .pieces import NO_STATEMENT_TIMEOUT, Change, Piece

_PROVED = Remark("squawk-ignore ban-drop-constraint: NOT NULL says it now")


def not_null(change: Change) -> list[Piece]:
    """Return the pieces that set or drop NOT NULL; the CHECK is gone in the end."""
    table, column = quote(change.table), quote(change.name)
    name = quote(shorten(f"ck_{change.table}_{change.name}_not_null"))
    alter = f"ALTER TABLE {table}"
    added = f"ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"
    add = Statement(f"{alter} {added}")
    validate = Statement(f"{alter} VALIDATE CONSTRAINT {name}")
    remove = Statement(f"{alter} DROP CONSTRAINT {name}")
    pieces: list[Piece] = []
    if change.drop:
        back = [
            Statement(f"{alter}\n    DROP CONSTRAINT IF EXISTS {name},\n    {added}"),
            NO_STATEMENT_TIMEOUT,
            validate,
            *change.drop.backward,
            remove,
        ]
        pieces.append(Piece(change.drop.forward, [Autocommit(back)], alone=True))
    if change.create:
        pieces += [
            Piece([add], [remove]),
            Piece([validate], [], scans=True, later=True),
            Piece([*change.create.forward, _PROVED, remove], [*change.create.backward, add]),
        ]
    return pieces
