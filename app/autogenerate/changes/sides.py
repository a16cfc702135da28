"""The two sides of a change: their definitions, and what else is known of each."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.types import TypeEngine

from ...catalog.casts import Types, keeping_rows, taking_all
from ...catalog.definitions import Objects, Without
from ...catalog.differences import Difference
from ...catalog.identity import Identity
from ...catalog.snapshot import Snapshot, search_path
from ..scratch import Drift
from .models import Models, named_type

RenderType = Callable[[TypeEngine[Any]], object]
TypeOf = Callable[[str, str], TypeEngine[object] | None]
"""Gives the type of a column, by table and name; None where SQLAlchemy has none for it."""

# Within one type, and between types with assignment casts both ways, no USING is needed.
_NEEDS_CAST = text("""
SELECT to_regtype(:found) IS DISTINCT FROM to_regtype(:expected)
       AND 2 > (SELECT count(*) FROM pg_cast
                WHERE castcontext IN ('i', 'a')
                      AND ((castsource, casttarget) = (to_regtype(:found), to_regtype(:expected))
                           OR (casttarget, castsource)
                              = (to_regtype(:found), to_regtype(:expected))))
""")


@dataclass(frozen=True)
class Sides:
    """Where a change begins and where it ends."""

    before: Snapshot
    after: Snapshot
    type_before: TypeOf
    type_after: TypeOf
    recast: frozenset[Identity]
    """Columns that PostgreSQL does not convert to their other type by itself."""
    fitting: Types
    """Types that columns change to, or back from, and that take every value there was."""
    kept: frozenset[Identity]
    """Columns whose values are stored as before when their type changes."""
    unbreakable: frozenset[Identity]
    """CHECKs of ``after`` that no row of ``before`` can break."""
    unbreakable_before: frozenset[Identity]
    """CHECKs of ``before`` that no row of ``after`` can break."""
    models: Models
    """What declares the objects of ``after``; nothing does where that is the database's side."""
    models_before: Models
    render_type: RenderType
    """The project's own way to write a type, if it has one for it."""

    def named_type(self, type_: TypeEngine[Any] | None) -> TypeEngine[Any] | None:
        """Return what a script can name in the place of ``type_``; None for none."""
        if type_ is not None and self.render_type(type_):
            return type_
        return named_type(type_)

    @classmethod
    def ending_with(cls, objects: Snapshot) -> "Sides":
        """Return the sides of a change that begins with nothing and knows no models."""
        nothing = frozenset[Identity]()
        return cls(
            Objects({}),
            objects,
            lambda *_: None,
            lambda *_: None,
            nothing,
            frozenset(),
            nothing,
            nothing,
            nothing,
            Models(),
            Models(),
            lambda _: None,
        )

    def reversed(self) -> "Sides":
        """Return the sides of the way back."""
        return replace(
            self,
            before=self.after,
            after=self.before,
            type_before=self.type_after,
            type_after=self.type_before,
            unbreakable=self.unbreakable_before,
            unbreakable_before=self.unbreakable,
            models=self.models_before,
            models_before=self.models,
        )

    def ending_without(self, identity: Identity) -> "Sides":
        """Return the same with ``identity`` gone at the end."""
        if identity not in self.after:
            return self
        return replace(self, after=Without(self.after, identity))


def sides_of(
    drift: Drift,
    connection: Connection,
    metadata: Sequence[MetaData],
    without: Collection[str],
    render_type: RenderType,
) -> Sides:
    """Return the live schema of ``connection`` and the models as the sides of a change.

    What the models say of the tables in ``without`` is passed over.
    """
    models = Models(metadata, without)
    changed = _types_changed(drift.differences)
    with search_path(connection, drift.schema):
        recast = {
            column
            for column, (found, expected) in changed.items()
            if connection.execute(_NEEDS_CAST, {"found": found, "expected": expected}).scalar()
        }
        alike = keeping_rows(connection, changed.values())
        fitting = taking_all(
            connection, [pair for each in changed.values() for pair in (each, each[::-1])]
        )
    return Sides(
        before=drift.found,
        after=drift.expected,
        type_before=_reflected_types(connection, drift.schema),
        type_after=models.type,
        recast=frozenset(recast),
        fitting=fitting,
        kept=frozenset(column for column, pair in changed.items() if pair in alike),
        unbreakable=drift.expected_unbreakable,
        unbreakable_before=drift.found_unbreakable,
        models=models,
        models_before=Models(),
        render_type=render_type,
    )


def _types_changed(differences: Iterable[Difference]) -> dict[Identity, tuple[str, str]]:
    return {
        each.identity: (without_collation(each.found or ""), without_collation(each.expected or ""))
        for each in differences
        if each.identity.kind == "column" and each.status == "changed"
    }


def without_collation(column: str) -> str:
    """Return the type of a column as it prints."""
    return column.partition(" COLLATE ")[0]


def _reflected_types(connection: Connection, schema: str) -> TypeOf:
    @lru_cache
    def of_table(table: str) -> dict[str, TypeEngine[object]]:
        try:
            columns = inspect(connection).get_columns(table, schema=schema)
        except NoSuchTableError:
            return {}
        return {column["name"]: column["type"] for column in columns}

    return lambda table, column: of_table(table).get(column)
