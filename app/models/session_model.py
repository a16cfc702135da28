"""Table ``sessions`` (SDS 5.15, UAPM-1-008, REQ-2-006)."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.classification import Classification, classified
from ..db.domains import Domain, in_domain
from ..db.mixins import CreatedAt, UUIDPrimaryKey

if TYPE_CHECKING:
    from .user_model import User


class Session(UUIDPrimaryKey, CreatedAt, Base):
    """A signed-in device, on the web or a phone (SDS 5.15)."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index(
            "idx_session_userid_expiresat",
            "user_id",
            "expires_at",
            info={"serves": "List a user's live sessions."},
        ),
        Index("idx_session_expiresat", "expires_at", info={"serves": "Clean up expired sessions."}),
        Index("idx_session_lastactivity", "last_activity", info={"serves": "Close idle sessions."}),
        {
            "comment": "Authentication sessions of users, web and mobile.",
            **in_domain(Domain.ACCOUNTS),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    device_info: Mapped[str] = mapped_column(
        String(255), **classified(Classification.PERSONAL, "Device, as shown to the user")
    )
    ip_address: Mapped[str] = mapped_column(
        String(45), **classified(Classification.PERSONAL, "IPv4 or IPv6 address")
    )
    user_agent: Mapped[str | None] = mapped_column(
        **classified(Classification.PERSONAL, "User-Agent header in full")
    )
    last_activity: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]

    user: Mapped["User"] = relationship(back_populates="sessions")
