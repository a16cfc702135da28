"""Table ``ai_model_versions`` (SDS 5.19, INT-007, AISIML-008)."""

import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .ai_model_deployment_model import AIModelDeployment
    from .ai_model_feedback_model import AIModelFeedback
    from .ai_model_model import AIModel
    from .ai_model_validation_result_model import AIModelValidationResult
    from .user_model import User


class AIModelVersionStatus(StrEnum):
    """The life of a model version."""

    STAGED = "Staged"
    PRODUCTION = "Production"
    DEPRECATED = "Deprecated"
    ARCHIVED = "Archived"
    FAILED = "Failed"


class AIModelVersion(UUIDPrimaryKey, Timestamps, Base):
    """One version of an AI model: where it is, how it is set, how it fares (SDS 5.19)."""

    __tablename__ = "ai_model_versions"
    __table_args__ = (
        UniqueConstraint(
            "model_id",
            "version_number",
            name="uq_aimodelversion_model_version",
            info={"serves": "Find one version of a model."},
        ),
        check_values("status", AIModelVersionStatus),
        Index(
            "idx_aimodelversion_modelid",
            "model_id",
            info={"serves": "List the versions of a model."},
        ),
        Index(
            "idx_aimodelversion_status",
            "status",
            info={"serves": "List the versions in production."},
        ),
        Index(
            "idx_aimodelversion_validationresultid",
            "validation_result_id",
            info={"serves": "Take a deleted validation result off its version."},
        ),
        Index(
            "idx_aimodelversion_createdbyuserid",
            "created_by_user_id",
            info={"serves": "Keep the versions a deleted user made, without the user."},
        ),
        {
            "comment": "Versions of AI models: source, parameters and status.",
            **in_domain(Domain.AI),
        },
    )

    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ai_models.id", ondelete="CASCADE"))
    version_number: Mapped[str] = mapped_column(
        String(50), comment="Version as its maker writes it, such as 1.0 or 2023-10-26."
    )
    source_path: Mapped[str | None] = mapped_column(
        String(1024), comment="Path of the artifacts in MinIO; NULL for an external model."
    )
    format: Mapped[str | None] = mapped_column(
        String(50), comment="Packaging, such as ONNX, TensorFlow SavedModel or API."
    )
    parameters: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Parameters and configuration of the model."
    )
    status: Mapped[AIModelVersionStatus] = mapped_column(
        value_list(AIModelVersionStatus, 50), server_default=AIModelVersionStatus.STAGED
    )
    validation_result_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("ai_model_validation_results.id", ondelete="SET NULL", use_alter=True),
        comment="Validation the status rests on.",
    )
    created_by_user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="User who uploaded or made it."
    )
    release_notes: Mapped[str | None]

    ai_model_parent: Mapped["AIModel"] = relationship(back_populates="versions")
    validation_result: Mapped["AIModelValidationResult | None"] = relationship(
        foreign_keys=validation_result_id, post_update=True
    )
    deployments: Mapped[list["AIModelDeployment"]] = relationship(
        back_populates="model_version", cascade="all", passive_deletes=True
    )
    feedbacks: Mapped[list["AIModelFeedback"]] = relationship(
        back_populates="model_version", passive_deletes="all"
    )
    created_by: Mapped["User | None"] = relationship()
