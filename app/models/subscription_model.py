"""Table ``subscriptions`` (SDS 5.10, REQ-6-018)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .user_model import User


class SubscriptionStatus(StrEnum):
    """The life of a subscription."""

    ACTIVE = "Active"
    TRIAL = "Trial"
    SUSPENDED = "Suspended"
    CANCELLED = "Cancelled"
    EXPIRED = "Expired"


class PaymentProvider(StrEnum):
    """Who collects the payments."""

    STRIPE = "Stripe"
    PAYPAL = "PayPal"
    ODOO_MANUAL = "OdooManual"


class Subscription(UUIDPrimaryKey, Timestamps, Base):
    """A user's subscription, a copy of the record in Odoo (SDS 5.10)."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint(
            "odoo_sale_order_id",
            name="uq_subscription_odoo_so",
            info={"serves": "Find the subscription an Odoo sale order is about."},
        ),
        UniqueConstraint(
            "user_id",
            name="uq_subscription_user",
            info={"serves": "Take over from Odoo the one subscription a user has."},
        ),
        check_values("status", SubscriptionStatus),
        check_values("payment_provider", PaymentProvider),
        Index(
            "idx_subscription_userid_status",
            "user_id",
            "status",
            info={
                "serves": "See whether a user's subscription is active, without reading the table."
            },
        ),
        Index(
            "idx_subscription_currentperiodend",
            "current_period_end",
            info={"serves": "Renew the subscriptions whose period ends."},
        ),
        {
            "comment": "Subscriptions, one per user, kept in step with Odoo.",
            **in_domain(Domain.BILLING),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="Subscriber; one subscription each."
    )
    odoo_sale_order_id: Mapped[str] = mapped_column(
        String(255), comment="Sale order or subscription record in Odoo."
    )
    plan_id: Mapped[str] = mapped_column(
        String(50), comment="Plan, such as pro_monthly or team_annual."
    )
    status: Mapped[SubscriptionStatus] = mapped_column(
        value_list(SubscriptionStatus, 20), server_default=SubscriptionStatus.ACTIVE
    )
    current_period_start: Mapped[datetime]
    current_period_end: Mapped[datetime]
    payment_provider: Mapped[PaymentProvider] = mapped_column(value_list(PaymentProvider, 50))
    payment_provider_subscription_id: Mapped[str | None] = mapped_column(
        String(255), comment="Subscription at the payment provider."
    )
    payment_method_id: Mapped[str | None] = mapped_column(
        String(255), comment="Default payment method at the payment provider."
    )

    user: Mapped["User"] = relationship(back_populates="subscription")
