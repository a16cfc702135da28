"""Table ``generation_requests`` (SDS 5.7, SRS 7.2.1, REQ-3-010 to REQ-3-012)."""

import uuid
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .ai_model_feedback_model import AIModelFeedback
    from .asset_model import Asset
    from .credit_transaction_model import CreditTransaction
    from .project_model import Project
    from .usage_log_model import UsageLog
    from .user_model import User


class GenerationRequestStatus(StrEnum):
    """The life of a request, from samples to the final asset."""

    PENDING = "Pending"
    PROCESSING_SAMPLES = "ProcessingSamples"
    AWAITING_SELECTION = "AwaitingSelection"
    PROCESSING_FINAL = "ProcessingFinal"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    CONTENT_REJECTED = "ContentRejected"


class GenerationRequest(UUIDPrimaryKey, Timestamps, Base):
    """A request for AI generation: its inputs, its progress, its outputs (SDS 5.7)."""

    __tablename__ = "generation_requests"
    __table_args__ = (
        check_values("status", GenerationRequestStatus),
        Index(
            "idx_generationrequest_userid",
            "user_id",
            info={
                "serves": "List a user's requests; refuse to delete the user while there are any."
            },
        ),
        Index(
            "idx_generationrequest_projectid",
            "project_id",
            info={"serves": "List the requests of a project."},
        ),
        Index(
            "idx_generationrequest_status_createdat",
            "status",
            "created_at",
            info={"serves": "Take the oldest requests that wait."},
        ),
        Index(
            "idx_generationrequest_selectedsampleid",
            "selected_sample_id",
            info={"serves": "Take a deleted sample off the requests."},
        ),
        Index(
            "idx_generationrequest_finalassetid",
            "final_asset_id",
            info={"serves": "Find the request an asset is the final output of."},
        ),
        {"comment": "AI generation requests: inputs, status and outputs.", **in_domain(Domain.AI)},
    )

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"),
        comment="Who asked; a user with requests cannot be deleted, for audit and billing.",
    )
    project_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("projects.id", ondelete="SET NULL"),
        comment="Project of the request; NULL once the project is deleted.",
    )
    input_prompt: Mapped[str] = mapped_column(comment="What the user asked for, in words.")
    style_guidance: Mapped[str | None]
    input_parameters: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Format, resolution hints, references to input assets and the like."
    )
    status: Mapped[GenerationRequestStatus] = mapped_column(
        value_list(GenerationRequestStatus, 50), server_default=GenerationRequestStatus.PENDING
    )
    error_message: Mapped[str | None] = mapped_column(
        comment="Why the status is Failed or ContentRejected."
    )
    sample_assets: Mapped[list[dict[str, Any]] | None] = mapped_column(
        comment='Samples: [{"id": "<assets.id>", "url": "...", "resolution": "512x512"}].'
    )
    selected_sample_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("assets.id", ondelete="SET NULL", use_alter=True),
        comment="Sample chosen for the final generation.",
    )
    final_asset_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("assets.id", ondelete="SET NULL", use_alter=True),
        comment="Asset that the request resulted in.",
    )
    credits_cost_sample: Mapped[Decimal | None] = mapped_column(
        comment="Credits charged for the samples."
    )
    credits_cost_final: Mapped[Decimal | None] = mapped_column(
        comment="Credits charged for the final asset."
    )
    ai_model_used: Mapped[str | None] = mapped_column(
        String(100), comment="Identifier of the AI model or workflow."
    )
    processing_time_ms: Mapped[int | None] = mapped_column(
        comment="Time the whole generation took, in milliseconds."
    )

    user: Mapped["User"] = relationship(back_populates="generation_requests")
    project: Mapped["Project | None"] = relationship(back_populates="generation_requests")
    generated_assets: Mapped[list["Asset"]] = relationship(
        back_populates="generation_request_source",
        foreign_keys="Asset.generation_request_id",
        passive_deletes="all",
    )
    selected_sample: Mapped["Asset | None"] = relationship(
        foreign_keys=selected_sample_id, post_update=True
    )
    final_asset: Mapped["Asset | None"] = relationship(
        back_populates="final_generation_output_of", foreign_keys=final_asset_id, post_update=True
    )
    credit_transactions: Mapped[list["CreditTransaction"]] = relationship(
        back_populates="generation_request", passive_deletes="all"
    )
    usage_logs: Mapped[list["UsageLog"]] = relationship(
        back_populates="generation_request", passive_deletes="all"
    )
    feedbacks: Mapped[list["AIModelFeedback"]] = relationship(
        back_populates="generation_request", passive_deletes="all"
    )
