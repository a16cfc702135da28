"""Table ``notifications`` (SDS 5.16)."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import FetchedValue, ForeignKey, Index, String, false, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import CREATED, UPDATED, Timestamps, UUIDPrimaryKey
from ..db.partitioning import range_partitioned_by

if TYPE_CHECKING:
    from .user_model import User


class Notification(UUIDPrimaryKey, Timestamps, Base):
    """A message from the system to a user (SDS 5.16)."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index(
            "idx_notification_userid_isread_createdat",
            "user_id",
            "is_read",
            "created_at",
            info={"serves": "Show a user's latest read notifications."},
        ),
        Index(
            "idx_notification_userid_isread_unread",
            "user_id",
            "is_read",
            postgresql_where=text("is_read = false"),
            info={"serves": "Count a user's unread notifications."},
        ),
        {
            "comment": "Messages from the system to users; partitioned by month of created_at.",
            **range_partitioned_by("created_at"),
            **in_domain(Domain.ACCOUNTS),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(
        String(50),
        comment="Kind: generation_complete, collaboration_invite, billing_alert, system_update "
        "and the like.",
    )
    message: Mapped[str]
    metadata_: Mapped[dict[str, Any] | None] = mapped_column(
        "metadata", comment="Context: links to a project, asset or team, a status and the like."
    )
    is_read: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(
        primary_key=True,
        server_default=func.now(),
        sort_order=CREATED,
        comment="When it was sent; the partition key.",
    )
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(),
        server_onupdate=FetchedValue(),
        sort_order=UPDATED,
        comment="When the row last changed, as on being read.",
    )

    user: Mapped["User"] = relationship(back_populates="notifications")
