"""Rendering column types so that a script needs nothing but Alembic and SQLAlchemy."""

from typing import Any, Literal, cast

from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type
from sqlalchemy import Enum, String, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def plain(type_: TypeEngine[object]) -> TypeEngine[object]:
    """Return what ``type_`` is in the database, without what the application adds to it."""
    while isinstance(type_, TypeDecorator):
        type_ = type_.load_dialect_impl(_DIALECT)
    if isinstance(type_, Enum) and not type_.native_enum:
        return cast("TypeEngine[object]", String(type_.length))
    return type_


def can_render(type_: TypeEngine[object] | None) -> bool:
    """Return whether ``type_`` can be written in a script as SQLAlchemy's own type.

    Types that have to be created first are written as SQL, as are the project's own.
    """
    if type_ is None:
        return False
    database_type = plain(type_)
    item_type: Any = getattr(database_type, "item_type", None)
    return (
        type(database_type).__module__.startswith("sqlalchemy.")
        and not isinstance(database_type, Enum | postgresql.DOMAIN)
        and database_type.__visit_name__ != "null"
        and (item_type is None or can_render(item_type))
    )


def render_item(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Render the types that Alembic would render as the application's own; for ``render_item``."""
    if (
        kind == "type"
        and isinstance(item, TypeEngine)
        and (database_type := plain(item)) is not item
    ):
        return _repr_type(database_type, context)
    return False
