"""The declarative base that every table shares, and the names of its constraints (R15)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import DateTime, MetaData, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from .routines import add_routines

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


add_routines(Base.metadata)
