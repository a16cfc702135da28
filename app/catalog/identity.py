"""What the objects of a schema are called, and which object each one stands and falls with."""

from typing import NamedTuple

# Kinds that are properties of an object of the same table and name, or made together with it.
_PROPERTY_OF = {
    "not null": "column",
    "default": "column",
    "identity": "column",
    "identity sequence": "identity",
    "generated expression": "column",
    "trigger state": "trigger",
    "rule state": "rule",
    "statistics target": "extended statistics",
    "sequence owner": "sequence",
}
# Kinds whose ``table`` is the name of something else than a table.
_CHILD_OF = {
    "sequence property": "sequence",
    "domain property": "domain",
    "domain constraint": "domain",
}
# Kinds whose name is that of their owner, a dot, and their own.
_NAMED_AFTER = {
    "column option": ("column",),
    "column property": ("column",),
    "identity sequence property": ("identity sequence",),
    "index parameter": ("primary key", "unique constraint", "exclusion constraint"),
    "index property": ("index", "primary key", "unique constraint", "exclusion constraint"),
}
# Kinds whose column may be one of these, which bring their columns along in one piece.
_IN_ONE_PIECE = {
    "column comment": ("type", "view", "materialized view"),
    "column property": ("materialized view",),
}
_COMMENT = " comment"


class Identity(NamedTuple):
    """What an object is called: its kind, the table (or domain) it belongs to if any, its name."""

    kind: str
    table: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.table}.{self.name}" if self.table else f"{self.kind} {self.name}"

    @property
    def owners(self) -> tuple["Identity", ...]:
        """The objects that this one vanishes with; of several kinds, one of which exists."""
        kind, table, name = self
        whole = tuple(Identity(each, None, table or "") for each in _IN_ONE_PIECE.get(kind, ()))
        if kind.endswith(_COMMENT):
            return (Identity(kind.removesuffix(_COMMENT), table, name), *whole)
        if kind in _PROPERTY_OF:
            return (Identity(_PROPERTY_OF[kind], table, name),)
        if kind in _NAMED_AFTER:
            owner = name.rpartition(".")[0]
            return (*(Identity(each, table, owner) for each in _NAMED_AFTER[kind]), *whole)
        if table is None:
            return ()
        if kind in _CHILD_OF:
            return (Identity(_CHILD_OF[kind], None, table),)
        return tuple(Identity(kind, None, table) for kind in ("table", "view", "materialized view"))
