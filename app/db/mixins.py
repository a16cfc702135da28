"""Columns that many tables share: the UUID key, the timestamps, the soft delete (SDS 4.4)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import FetchedValue, Table, event, func, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from .updated_at import add_trigger

# The documents put the key first and the timestamps last.
FIRST, CREATED, UPDATED, LAST = -1, 100, 101, 102


class UUIDPrimaryKey:
    """``id``: a UUID made by the database for every writer, and by the ORM for its own (R4).

    As the insert sentinel it lets a flush of many objects go out as one multi-row INSERT.
    """

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True,
        default=uuid.uuid4,
        server_default=text("gen_random_uuid()"),
        insert_sentinel=True,
        sort_order=FIRST,
    )


class CreatedAt:
    """``created_at``: when the row was inserted (R3)."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=CREATED)


class Timestamps(CreatedAt):
    """``created_at`` and ``updated_at``; the table gets the trigger that stamps the latter (R5)."""

    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), server_onupdate=FetchedValue(), sort_order=UPDATED
    )


class SoftDelete:
    """``deleted_at``: set instead of deleting the row (SDS 4.4)."""

    deleted_at: Mapped[datetime | None] = mapped_column(
        sort_order=LAST, comment="When the row was soft-deleted; NULL while it is live."
    )


@event.listens_for(Timestamps, "instrument_class", propagate=True)
def _stamp_updates(mapper: Mapper[Any], _class: type) -> None:
    if isinstance(mapper.local_table, Table):
        add_trigger(mapper.local_table)
