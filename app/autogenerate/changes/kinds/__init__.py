"""The kinds of objects, one list: how one comes, goes and changes."""

from collections.abc import Mapping

from ....catalog.identity import Identity
from ....catalog.snapshot import Snapshot
from . import (
    columns,
    identities,
    indexes,
    others,
    programs,
    tables,
    types,
)
from .kind import Kind

KINDS: Mapping[str, Kind] = {
    **tables.KINDS,
    **columns.KINDS,
    **identities.KINDS,
    **indexes.KINDS,
    **programs.KINDS,
    **types.KINDS,
    **others.KINDS,
}
# Where dependencies leave the choice, scripts read best in this order.
_READING_ORDER = (
    "extension",
    "type",
    "domain",
    "sequence",
    "table",
    "column",
    "not null",
    "default",
    "identity",
    "primary key",
    "unique constraint",
    "check constraint",
    "exclusion constraint",
    "index",
    "foreign key",
    # Their bodies may need any of the above, which PostgreSQL keeps no account of.
    "function",
    "procedure",
    "aggregate",
    "trigger",
    "view",
    "materialized view",
)
_RANKS = {kind: rank for rank, kind in enumerate(_READING_ORDER)}
_LAST = len(_READING_ORDER)


def rank(identity: Identity) -> int:
    """Return where objects of this kind are created among the others."""
    return _RANKS.get(identity.kind, _LAST + identity.kind.endswith(" comment"))


def make_again(identity: Identity, objects: Snapshot) -> list[str]:
    """Return the statements that drop an object and make it again from its own definition."""
    kind = KINDS[identity.kind]
    return kind.drop(identity, objects) + kind.create(identity, objects)
