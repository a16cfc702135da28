"""Table ``social_media_connections`` (SDS 5.8, SMPIO-007)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.classification import Classification, classified
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .user_model import User


class SocialPlatform(StrEnum):
    """Platforms that assets can be published to."""

    INSTAGRAM = "Instagram"
    FACEBOOK = "Facebook"
    LINKEDIN = "LinkedIn"
    TWITTER = "Twitter"
    PINTEREST = "Pinterest"
    TIKTOK = "TikTok"


class SocialMediaConnection(UUIDPrimaryKey, Timestamps, Base):
    """A user's account on a social platform, with its OAuth tokens (SDS 5.8)."""

    __tablename__ = "social_media_connections"
    __table_args__ = (
        UniqueConstraint(
            "user_id",
            "platform",
            name="uq_socialconnection_user_platform",
            info={"serves": "Fetch a user's token for the platform to publish on."},
        ),
        check_values("platform", SocialPlatform),
        {
            "comment": "Social media accounts that users connected, with their OAuth tokens.",
            **in_domain(Domain.ACCOUNTS),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    platform: Mapped[SocialPlatform] = mapped_column(value_list(SocialPlatform, 20))
    external_user_id: Mapped[str] = mapped_column(
        String(100), **classified(Classification.PERSONAL, "The user's identifier on the platform")
    )
    access_token: Mapped[str] = mapped_column(
        **classified(Classification.ENCRYPTED, "OAuth access token for the platform's API")
    )
    refresh_token: Mapped[str | None] = mapped_column(
        **classified(Classification.ENCRYPTED, "OAuth refresh token")
    )
    expires_at: Mapped[datetime | None] = mapped_column(comment="When the access token expires.")

    user: Mapped["User"] = relationship(back_populates="social_media_connections")
