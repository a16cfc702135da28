"""What the models declare, by the name it has in the database."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Constraint,
    Enum,
    Index,
    Interval,
    MetaData,
    String,
    Table,
    TextClause,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import NullType, TypeEngine

from ...compat import copied, render_type, variant

# With parameters as in format strings, every % in a name would be doubled.
_DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_PREPARER = _DIALECT.identifier_preparer


class Models:
    """The tables of one or several ``MetaData``, which are only ever read.

    Of the tables in ``without`` nothing is known.
    """

    def __init__(
        self, metadata: Sequence[MetaData] = (), without: Collection[str] = frozenset()
    ) -> None:
        self._tables = {
            table.name: table
            for each in metadata
            for table in each.tables.values()
            if table.name not in without
        }

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


def plain_column(
    column: Column[Any], type_: TypeEngine[Any], *, counts: bool | None = None
) -> Column[Any]:
    """Return ``column`` with ``type_``, on its own: no key, nor anything that a type brings along.

    ``counts`` says of a part of the primary key whether it is SERIAL.
    """
    default: Any = column.server_default
    made = [each for each in (column.computed, column.identity) if each is not None]
    plain = Column(
        column.name,
        type_,
        *map(copied, made),
        server_default=None if made or default is None else copied(default),
        autoincrement="auto" if counts is None else counts,
        comment=column.comment,
        **column.kwargs,
    )
    plain.nullable = column.nullable
    return plain


def plain_check(constraint: CheckConstraint) -> CheckConstraint:
    """Return ``constraint`` on its own, as text: expressions would tie it to the model's table."""
    condition: Any = constraint.sqltext
    if not isinstance(condition, TextClause):
        how = {"literal_binds": True, "include_table": False}
        condition = text(str(condition.compile(dialect=_DIALECT, compile_kwargs=how)))
    name = final_name(constraint)
    return CheckConstraint(
        condition, name=conv(name) if name is not None else None, **constraint.dialect_kwargs
    )


def database_type(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return what ``type_`` is in the database, without what the application adds to it."""
    while True:
        there = variant(type_, "postgresql")
        # An interval is one that SQLAlchemy takes for the dialect's own where there is one.
        if there is None and isinstance(type_, TypeDecorator) and not isinstance(type_, Interval):
            there = type_.load_dialect_impl(_DIALECT)
        if there is None or there is type_:
            break
        type_ = there
    if isinstance(type_, Enum) and not type_.native_enum:
        return String(type_.length)
    if isinstance(type_, ARRAY) and (item := database_type(type_.item_type)) is not type_.item_type:
        return type(type_)(item, dimensions=type_.dimensions)
    if type(type_).__module__.startswith("sqlalchemy.") and not _is_public(type(type_)):
        try:
            generic = type_.as_generic()
        except NotImplementedError:
            return type_
        return generic if _ddl(generic) == _ddl(type_) else type_
    return type_


def _is_public(class_: type) -> bool:
    name = class_.__name__
    return any(getattr(each, name, None) is class_ for each in (sqlalchemy, postgresql))


def named_type(type_: TypeEngine[Any] | None) -> TypeEngine[Any] | None:
    """Return what a script can name so that it comes out as ``type_``; None for none.

    Types that have to be created first are written as SQL, as are the project's own.
    """
    if type_ is None:
        return None
    plain = database_type(type_)
    item_type: Any = getattr(plain, "item_type", None)
    if isinstance(plain, Enum | NullType | postgresql.DOMAIN) or (
        item_type is not None and named_type(item_type) is None
    ):
        return None
    said = _ddl(type_)
    try:
        is_same = said is not None and said == _said_by(render_type(_context(), plain))
    except Exception:  # a type of the user's own may do anything when it is asked
        return None
    return plain if is_same else None


@cache
def _said_by(expression: str) -> str | None:
    """Return the DDL of a type by the expression that a script has for it."""
    names = {"sa": sqlalchemy, "postgresql": postgresql, **vars(postgresql)}
    return _ddl(eval(expression, {"__builtins__": {}}, names))  # noqa: S307 Alembic's own text


def _ddl(type_: TypeEngine[Any]) -> str | None:
    try:
        return str(_DIALECT.type_compiler_instance.process(type_))
    except Exception:  # as above
        return None


@cache
def _context() -> AutogenContext:
    options: dict[str, Any] = {
        "sqlalchemy_module_prefix": "sa.",
        "user_module_prefix": None,
    }
    alembic = MigrationContext.configure(dialect_name="postgresql")
    return AutogenContext(alembic, MetaData(), options, autogenerate=False)
