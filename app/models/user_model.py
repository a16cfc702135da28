"""Table ``users`` (SDS 5.1, SRS 7.1.1)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.classification import Classification, classified
from ..db.domains import Domain, in_domain
from ..db.mixins import SoftDelete, Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .ai_model_feedback_model import AIModelFeedback
    from .api_client_model import APIClient
    from .asset_model import Asset
    from .brand_kit_model import BrandKit
    from .credit_transaction_model import CreditTransaction
    from .generation_request_model import GenerationRequest
    from .notification_model import Notification
    from .project_model import Project
    from .session_model import Session
    from .social_media_connection_model import SocialMediaConnection
    from .subscription_model import Subscription
    from .team_member_model import TeamMember
    from .team_model import Team
    from .template_model import Template
    from .usage_log_model import UsageLog
    from .workbench_model import Workbench


class SocialProvider(StrEnum):
    """Identity providers a user can sign up with."""

    GOOGLE = "google"
    FACEBOOK = "facebook"
    APPLE = "apple"


class SubscriptionTier(StrEnum):
    """Plans that decide what a user may do."""

    FREE = "Free"
    PRO = "Pro"
    TEAM = "Team"
    ENTERPRISE = "Enterprise"


class User(UUIDPrimaryKey, Timestamps, SoftDelete, Base):
    """A registered account: authentication, profile, preferences (SDS 5.1)."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint(
            "email", name="uq_user_email", info={"serves": "Sign in with e-mail and password."}
        ),
        UniqueConstraint(
            "username", name="uq_user_username", info={"serves": "Open a profile by its handle."}
        ),
        check_values("social_provider", SocialProvider),
        check_values("subscription_tier", SubscriptionTier),
        Index(
            "idx_user_social_unique",
            "social_provider",
            "social_provider_id",
            unique=True,
            postgresql_where=text("social_provider IS NOT NULL AND social_provider_id IS NOT NULL"),
            info={"serves": "Sign in with a social account."},
        ),
        Index(
            "idx_user_subscriptiontier",
            "subscription_tier",
            info={"serves": "List the customers of a tier."},
        ),
        Index(
            "idx_user_deletedat",
            "deleted_at",
            postgresql_where=text("deleted_at IS NOT NULL"),
            info={"serves": "Erase accounts whose grace period after the soft delete is over."},
        ),
        Index(
            "idx_user_languagepreference",
            "language_preference",
            info={"serves": "Address the users of one language."},
        ),
        {
            "comment": "Registered accounts: authentication, profile, preferences and credit.",
            **in_domain(Domain.ACCOUNTS),
        },
    )

    email: Mapped[str] = mapped_column(
        String(255), **classified(Classification.PERSONAL, "Address the user signs in with")
    )
    password_hash: Mapped[str | None] = mapped_column(
        String(255),
        **classified(Classification.HASHED, "Password; NULL for sign-in by a social provider only"),
    )
    social_provider: Mapped[SocialProvider | None] = mapped_column(
        value_list(SocialProvider, 50),
        comment="Identity provider the user signed up with, if any.",
    )
    social_provider_id: Mapped[str | None] = mapped_column(
        String(255),
        **classified(Classification.PERSONAL, "The user's identifier at the social provider"),
    )
    is_email_verified: Mapped[bool] = mapped_column(server_default=false())
    email_verification_token: Mapped[str | None] = mapped_column(
        String(255),
        **classified(Classification.SECRET, "Token of the pending e-mail verification"),
    )
    password_reset_token: Mapped[str | None] = mapped_column(
        String(255), **classified(Classification.SECRET, "Token of the pending password reset")
    )
    password_reset_expires: Mapped[datetime | None] = mapped_column(
        comment="When password_reset_token stops being valid."
    )
    full_name: Mapped[str | None] = mapped_column(
        String(100), **classified(Classification.PERSONAL, "Name as the user wrote it")
    )
    username: Mapped[str | None] = mapped_column(
        String(50), **classified(Classification.PERSONAL, "Public handle, unique when set")
    )
    profile_picture_url: Mapped[str | None] = mapped_column(
        String(1024), **classified(Classification.PERSONAL, "Where the profile picture is served")
    )
    language_preference: Mapped[str] = mapped_column(
        String(10), server_default="en-US", comment="Language tag of the user interface (BCP 47)."
    )
    timezone: Mapped[str] = mapped_column(
        String(50), server_default="UTC", comment="Time zone name for display (IANA)."
    )
    mfa_enabled: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether sign-in asks for a second factor."
    )
    mfa_secret: Mapped[str | None] = mapped_column(
        String(255),
        **classified(Classification.ENCRYPTED, "Shared secret of the authenticator app (TOTP)"),
    )
    subscription_tier: Mapped[SubscriptionTier] = mapped_column(
        value_list(SubscriptionTier, 20), server_default=SubscriptionTier.FREE
    )
    credit_balance: Mapped[Decimal] = mapped_column(
        server_default=text("0.00"), comment="Credits left; a copy of the balance kept in Odoo."
    )
    last_login_at: Mapped[datetime | None]

    brand_kits: Mapped[list["BrandKit"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    workbenches: Mapped[list["Workbench"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    projects: Mapped[list["Project"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    assets: Mapped[list["Asset"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    generation_requests: Mapped[list["GenerationRequest"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    social_media_connections: Mapped[list["SocialMediaConnection"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    api_clients: Mapped[list["APIClient"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    subscription: Mapped["Subscription | None"] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    credit_transactions: Mapped[list["CreditTransaction"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    usage_logs: Mapped[list["UsageLog"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
    owned_teams: Mapped[list["Team"]] = relationship(back_populates="owner", passive_deletes="all")
    team_memberships: Mapped[list["TeamMember"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    teams: Mapped[list["Team"]] = relationship(secondary="team_members", viewonly=True)
    sessions: Mapped[list["Session"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    notifications: Mapped[list["Notification"]] = relationship(
        back_populates="user", cascade="all", passive_deletes=True
    )
    created_templates: Mapped[list["Template"]] = relationship(
        back_populates="user_creator", passive_deletes="all"
    )
    ai_model_feedbacks: Mapped[list["AIModelFeedback"]] = relationship(
        back_populates="user", passive_deletes="all"
    )
