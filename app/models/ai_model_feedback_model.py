"""Table ``ai_model_feedbacks`` (SDS 5.22, INT-007, AISIML-012)."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import CreatedAt, UUIDPrimaryKey

if TYPE_CHECKING:
    from .ai_model_version_model import AIModelVersion
    from .generation_request_model import GenerationRequest
    from .user_model import User


class AIModelFeedback(UUIDPrimaryKey, CreatedAt, Base):
    """What a user thought of a model's output (SDS 5.22)."""

    __tablename__ = "ai_model_feedbacks"
    __table_args__ = (
        CheckConstraint("rating >= 1 AND rating <= 5", name="rating"),
        Index(
            "idx_aimodelfeedback_userid",
            "user_id",
            info={"serves": "List the feedback a user gave."},
        ),
        Index(
            "idx_aimodelfeedback_generationrequestid",
            "generation_request_id",
            info={"serves": "Show the feedback on a request."},
        ),
        Index(
            "idx_aimodelfeedback_modelversionid",
            "model_version_id",
            info={"serves": "Rate a version by its feedback."},
        ),
        {"comment": "Users' feedback on the outputs of AI models.", **in_domain(Domain.AI)},
    )

    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="Who gave it; NULL once the user is deleted.",
    )
    generation_request_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("generation_requests.id", ondelete="SET NULL"),
        comment="Generation the feedback is about.",
    )
    model_version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("ai_model_versions.id", ondelete="SET NULL"),
        comment="Model version the feedback is about.",
    )
    rating: Mapped[int | None] = mapped_column(comment="Stars, 1 to 5.")
    comment: Mapped[str | None]
    feedback_timestamp: Mapped[datetime] = mapped_column(server_default=func.now())
    details: Mapped[dict[str, Any] | None] = mapped_column(comment="Further structured feedback.")

    user: Mapped["User | None"] = relationship(back_populates="ai_model_feedbacks")
    generation_request: Mapped["GenerationRequest | None"] = relationship(
        back_populates="feedbacks"
    )
    model_version: Mapped["AIModelVersion | None"] = relationship(back_populates="feedbacks")
