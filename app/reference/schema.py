"""The models as the reference tells them: in the documents' order and in PostgreSQL's words."""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import cast

from sqlalchemy import (
    BigInteger,
    Column,
    DefaultClause,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
    literal,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Compiled
from sqlalchemy.schema import CreateTable

from ..db.value_lists import ValueList
from ..models import Base

# With parameters as in format strings, every % in a statement would be doubled.
DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
NO_ACTION = "NO ACTION"
_UNQUOTED = re.compile(r'[^"]+(?=(?:"[^"]*"[^"]*)*$)')
_SECTION = re.compile(r"SDS 5\.(\d+)")


@dataclass(frozen=True)
class Model:
    """A table, its class, and the section of the SDS that describes it.

    ``section`` is its number in SDS section 5; None for a table that came later.
    """

    table: Table
    class_: type[Base]
    section: int | None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def comment(self) -> str:
        """The table's purpose in one sentence."""
        return self.table.comment or ""

    @property
    def module(self) -> str:
        """Path of the model's module, as in ``app/models/user_model.py``."""
        return self.class_.__module__.replace(".", "/") + ".py"

    @property
    def source(self) -> str:
        """Where the table is described: ``SDS 5.1``, empty for one that came later."""
        return f"SDS 5.{self.section}" if self.section else ""

    @property
    def module_doc(self) -> str:
        """The module's docstring, which names the requirements behind the table."""
        return sys.modules[self.class_.__module__].__doc__ or ""

    @property
    def columns(self) -> list[Column[object]]:
        """The columns in the documents' order."""
        return list(self.table.columns)

    @property
    def foreign_keys(self) -> list[ForeignKey]:
        """The foreign keys, all of one column, in the order of their columns."""
        return [key for column in self.columns for key in column.foreign_keys]

    @property
    def unique_constraints(self) -> list[UniqueConstraint]:
        """The UNIQUE constraints by name."""
        found = (c for c in self.table.constraints if isinstance(c, UniqueConstraint))
        return sorted(found, key=name_of)

    @property
    def indexes(self) -> list[Index]:
        """The secondary indexes by name."""
        return sorted(self.table.indexes, key=name_of)

    @property
    def partition_key(self) -> str | None:
        """``RANGE (created_at)`` for a partitioned table."""
        return cast("str | None", self.table.dialect_options["postgresql"]["partition_by"])


@cache
def models() -> tuple[Model, ...]:
    """Return the models in the order of SDS section 5, later ones after them by name."""
    found = (_model(mapper.class_) for mapper in Base.registry.mappers)
    return tuple(sorted(found, key=lambda m: (m.section is None, m.section or 0, m.name)))


def model(table: str) -> Model:
    """Return the model of ``table``."""
    return next(found for found in models() if found.name == table)


def _model(class_: type[Base]) -> Model:
    doc = sys.modules[class_.__module__].__doc__ or ""
    section = _SECTION.search(doc)
    return Model(cast("Table", class_.__table__), class_, int(section[1]) if section else None)


@cache
def compiler(table: Table) -> Compiled:
    """Return SQLAlchemy's writer of PostgreSQL's DDL for ``table``."""
    return CreateTable(table).compile(dialect=DIALECT)


def type_of(column: Column[object]) -> str:
    """Return the type as one writes it: ``varchar(255)``, ``timestamptz``, ``bigserial``."""
    if column is column.table.autoincrement_column:
        return "bigserial" if isinstance(column.type, BigInteger) else "serial"
    written = column.type.compile(dialect=DIALECT)
    written = _UNQUOTED.sub(lambda found: found[0].lower(), written)
    return written.replace("timestamp with time zone", "timestamptz").replace(", ", ",")


def default_of(column: Column[object]) -> str | None:
    """Return the DEFAULT expression as SQL, None where there is none."""
    if not isinstance(column.server_default, DefaultClause):
        return None
    default = column.server_default.arg
    expression = literal(default, String()) if isinstance(default, str) else default
    literally = {"literal_binds": True}
    return str(expression.compile(dialect=DIALECT, compile_kwargs=literally))


def values_of(column: Column[object]) -> list[str]:
    """Return the values a CHECK admits, empty where the column takes any."""
    return column.type.values if isinstance(column.type, ValueList) else []


def keys_of(column: Column[object]) -> list[str]:
    """Return the column's key marks: PK, FK, UQ (part of a unique constraint)."""
    unique = any(
        column.name in constraint.columns
        for constraint in column.table.constraints
        if isinstance(constraint, UniqueConstraint)
    )
    marks = {"PK": column.primary_key, "FK": bool(column.foreign_keys), "UQ": unique}
    return [mark for mark, applies in marks.items() if applies]


def is_one_to_one(key: ForeignKey) -> bool:
    """Tell whether a UNIQUE constraint lets a parent have one child at most."""
    return any(
        [column.name for column in constraint.columns] == [key.parent.name]
        for constraint in key.parent.table.constraints
        if isinstance(constraint, UniqueConstraint)
    )


def parent_of(key: ForeignKey) -> str:
    """Return the name of the table that ``key`` references."""
    return key.column.table.name


def foreign_key_constraints(model: Model) -> list[ForeignKeyConstraint]:
    """Return the foreign keys as constraints, in the order of their columns."""
    return [cast("ForeignKeyConstraint", key.constraint) for key in model.foreign_keys]


def name_of(named: Index | UniqueConstraint) -> str:
    """Return the name, which every index and constraint here has."""
    return str(named.name)


def column_names(columns: Iterable[Column[object]]) -> str:
    """Return the names as a list in SQL: ``user_id, created_at``."""
    return ", ".join(column.name for column in columns)
