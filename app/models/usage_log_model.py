"""Table ``usage_logs`` (SDS 5.12, SRS 7.3.1)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.partitioning import range_partitioned_by

if TYPE_CHECKING:
    from .api_client_model import APIClient
    from .generation_request_model import GenerationRequest
    from .user_model import User


class UsageLog(Base):
    """One billable or trackable action, for analytics and audit (SDS 5.12)."""

    __tablename__ = "usage_logs"
    __table_args__ = (
        Index(
            "idx_usagelog_userid_timestamp",
            "user_id",
            "timestamp",
            info={"serves": "Report a user's actions of a month."},
        ),
        Index("idx_usagelog_actiontype", "action_type", info={"serves": "Count an action."}),
        Index(
            "idx_usagelog_generationrequestid",
            "generation_request_id",
            info={"serves": "Trace what was done for a request."},
        ),
        Index(
            "idx_usagelog_apiclientid",
            "api_client_id",
            info={"serves": "Report the calls of an API client."},
        ),
        {
            "comment": "Log of billable and trackable actions; partitioned by month of timestamp.",
            **range_partitioned_by("timestamp"),
            **in_domain(Domain.BILLING),
        },
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="Who acted; NULL once the user is deleted.",
    )
    generation_request_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="SET NULL"),
        comment="Generation the action belongs to.",
    )
    api_client_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("api_clients.id", ondelete="SET NULL"),
        comment="API client, if the action came through the API.",
    )
    action_type: Mapped[str] = mapped_column(
        String(100),
        comment="What was done: sample_generation_initiated, asset_exported, api_call_success, "
        "login_success and the like.",
    )
    details: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Context of the action: format, resolution, endpoint, duration and the like."
    )
    credits_cost: Mapped[Decimal | None] = mapped_column(comment="Credits this step consumed.")
    timestamp: Mapped[datetime] = mapped_column(
        primary_key=True,
        server_default=func.now(),
        comment="When it was done; the partition key.",
    )

    user: Mapped["User | None"] = relationship(back_populates="usage_logs")
    generation_request: Mapped["GenerationRequest | None"] = relationship(
        back_populates="usage_logs"
    )
    api_client: Mapped["APIClient | None"] = relationship(back_populates="usage_logs")
