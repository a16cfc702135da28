"""The declarative base that every table shares, and the names of its constraints (R15)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import DateTime, MetaData, Numeric, Text, Uuid, event, inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from .classification import INFO_KEY
from .routines import add_routines
from .value_lists import ValueList, checked

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "idx_%(table_name)s_%(column_0_N_name)s",
}


class Base(DeclarativeBase):
    """Declarative base of the 22 tables (SDS 4.2, 6.2); ``Base.metadata`` is the whole schema.

    Functions, triggers and DEFAULT partitions hang on the metadata as DDL events, so
    ``create_all`` on an empty schema builds exactly what the migrations build.
    """

    metadata = MetaData(naming_convention=NAMING_CONVENTION)

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        # One instant is one value for every client (R2).
        datetime: DateTime(timezone=True),
        Decimal: Numeric(10, 2),
        str: Text(),
        uuid.UUID: Uuid(),
        # Python None is SQL NULL; otherwise JSON null would slip past NOT NULL.
        dict[str, Any]: JSONB(none_as_null=True),
        list[dict[str, Any]]: JSONB(none_as_null=True),
        list[str]: JSONB(none_as_null=True),
    }

    # Values that the server makes come back with the statement (RETURNING): no lazy load later,
    # which an asyncio session could not run.
    __mapper_args__ = {"eager_defaults": True}

    def __repr__(self) -> str:
        """Return class, key and name, as far as they are loaded, and nothing personal or secret."""
        mapper = inspect(type(self))
        shown = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
        named = mapper.columns.get("name")
        if named is not None and INFO_KEY not in named.info:
            shown.append("name")
        loaded = inspect(self).dict
        values = (f" {key}={str(loaded[key])!r}" for key in shown if key in loaded)
        return f"<{type(self).__name__}{''.join(values)}>"


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _refuse_what_no_list_has(
    class_: type[Base], key: str, attribute: InstrumentedAttribute[Any]
) -> None:
    """Have a value that is not in the list of an attribute refused where it is assigned."""
    columns = getattr(attribute.property, "columns", None)
    type_ = columns[0].type if columns else None
    if not isinstance(type_, ValueList):
        return

    @event.listens_for(attribute, "set", retval=True)
    def check(_target: Base, value: object, _old: object, _initiator: object) -> object:
        try:
            return checked(type_, value)
        except ValueError as error:
            raise ValueError(f"{class_.__name__}.{key}: {error}") from None


add_routines(Base.metadata)
