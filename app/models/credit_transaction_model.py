"""Table ``credit_transactions`` (SDS 5.11, SRS 7.3.1)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import CREATED, LAST, UUIDPrimaryKey
from ..db.partitioning import range_partitioned_by

if TYPE_CHECKING:
    from .generation_request_model import GenerationRequest
    from .user_model import User


class CreditTransaction(UUIDPrimaryKey, Base):
    """Credits bought, refunded or spent, for billing and audit (SDS 5.11)."""

    __tablename__ = "credit_transactions"
    __table_args__ = (
        Index(
            "idx_credittransaction_userid_createdat",
            "user_id",
            "created_at",
            info={"serves": "Show a user's latest credit movements."},
        ),
        Index(
            "idx_credittransaction_actiontype",
            "action_type",
            info={"serves": "List the refunds of a month."},
        ),
        Index(
            "idx_credittransaction_generationrequestid",
            "generation_request_id",
            info={"serves": "Add up what a request has cost."},
        ),
        {
            "comment": "Credits bought, refunded and spent; partitioned by month of created_at.",
            **range_partitioned_by("created_at"),
            **in_domain(Domain.BILLING),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    odoo_invoice_id: Mapped[str | None] = mapped_column(
        String(255), comment="Invoice in Odoo, if there is one."
    )
    generation_request_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="SET NULL"),
        comment="Generation the credits were spent on.",
    )
    api_call_id: Mapped[str | None] = mapped_column(
        String(255), comment="API call the credits were spent on."
    )
    amount: Mapped[Decimal] = mapped_column(
        comment="Credits: positive for a purchase or refund, negative for use."
    )
    action_type: Mapped[str] = mapped_column(
        String(50),
        comment="What happened: purchase, sample_generation, final_generation, export_hd, "
        "api_generation, refund and the like.",
    )
    description: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(
        primary_key=True,
        server_default=func.now(),
        sort_order=CREATED,
        comment="When it happened; the partition key.",
    )
    synced_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), sort_order=LAST, comment="When the row was synced from Odoo."
    )

    user: Mapped["User"] = relationship(back_populates="credit_transactions")
    generation_request: Mapped["GenerationRequest | None"] = relationship(
        back_populates="credit_transactions"
    )
