"""What the models declare, by the name it has in the database."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Column, Constraint, Enum, Index, MetaData, String, Table, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import NullType, TypeEngine

# With parameters as in format strings, every % in a name would be doubled.
_DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_PREPARER = _DIALECT.identifier_preparer


class Models:
    """The tables of one or several ``MetaData``, which are only ever read."""

    def __init__(self, metadata: Sequence[MetaData] = ()) -> None:
        self._tables = {table.name: table for each in metadata for table in each.tables.values()}

    def table(self, name: str) -> Table | None:
        """Return the table ``name``, if the models declare it."""
        return self._tables.get(name)

    def column(self, table: str, name: str) -> Column[object] | None:
        """Return the column ``name`` of ``table``, if the models declare it."""
        found = self._tables.get(table)
        return (
            next((c for c in found.columns if c.name == name), None) if found is not None else None
        )

    def type(self, table: str, column: str) -> TypeEngine[object] | None:
        """Return the type of a column, if the models declare it."""
        found = self.column(table, column)
        return found.type if found is not None else None

    def index(self, table: str, name: str) -> Index | None:
        """Return the index ``name`` of ``table``, if the models declare it under that name."""
        found = self._tables.get(table)
        indexes = found.indexes if found is not None else ()
        return next((index for index in indexes if final_name(index) == name), None)

    def constraint(self, table: str, name: str) -> Constraint | None:
        """Return the constraint ``name`` of ``table``, if the models declare it so."""
        found = self._tables.get(table)
        constraints = found.constraints if found is not None else ()
        return next((each for each in constraints if final_name(each) == name), None)


def final_name(item: Constraint | Index) -> str | None:
    """Return the name that ``item`` gets in the database; None if PostgreSQL makes it up."""
    quoted = _PREPARER.format_constraint(item) if item.name is not None else None
    return _PREPARER.unformat_identifiers(quoted)[0] if quoted is not None else None


def database_type(type_: TypeEngine[object]) -> TypeEngine[object]:
    """Return what ``type_`` is in the database, without what the application adds to it."""
    while isinstance(type_, TypeDecorator):
        type_ = type_.load_dialect_impl(_DIALECT)
    if isinstance(type_, Enum) and not type_.native_enum:
        return cast("TypeEngine[object]", String(type_.length))
    return type_


def can_be_named(type_: TypeEngine[object] | None) -> bool:
    """Return whether a script can name ``type_``, as one of SQLAlchemy's own.

    Types that have to be created first are written as SQL, as are the project's own.
    """
    if type_ is None:
        return False
    plain = database_type(type_)
    item_type: Any = getattr(plain, "item_type", None)
    return (
        type(plain).__module__.startswith("sqlalchemy.")
        and not isinstance(plain, Enum | NullType | postgresql.DOMAIN)
        and (item_type is None or can_be_named(item_type))
    )
