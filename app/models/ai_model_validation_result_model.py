"""Table ``ai_model_validation_results`` (SDS 5.20, INT-007, AISIML-009)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import CreatedAt, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .ai_model_version_model import AIModelVersion
    from .user_model import User


class ValidationStatus(StrEnum):
    """Outcome of one kind of validation."""

    PASSED = "Passed"
    FAILED = "Failed"
    PENDING = "Pending"
    SKIPPED = "Skipped"


class AIModelValidationResult(UUIDPrimaryKey, CreatedAt, Base):
    """What came of validating a model version (SDS 5.20)."""

    __tablename__ = "ai_model_validation_results"
    __table_args__ = (
        UniqueConstraint(
            "model_version_id",
            name="uq_aimodelvalidationresult_modelversion",
            info={"serves": "Fetch the validation result of a version."},
        ),
        check_values("security_scan_status", ValidationStatus),
        check_values("functional_status", ValidationStatus),
        Index(
            "idx_aimodelvalidationresult_timestamp",
            "validation_timestamp",
            info={"serves": "Show the latest validations."},
        ),
        Index(
            "idx_aimodelvalidationresult_validatedbyuserid",
            "validated_by_user_id",
            info={"serves": "Keep the results of a deleted user's validations, without the user."},
        ),
        {
            "comment": "Results of validating AI model versions, one per version.",
            **in_domain(Domain.AI),
        },
    )

    model_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("ai_model_versions.id", ondelete="CASCADE")
    )
    validation_timestamp: Mapped[datetime] = mapped_column(server_default=func.now())
    security_scan_status: Mapped[ValidationStatus] = mapped_column(value_list(ValidationStatus, 50))
    functional_status: Mapped[ValidationStatus] = mapped_column(value_list(ValidationStatus, 50))
    performance_benchmark: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Benchmark figures: latency, throughput, quality."
    )
    results: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Full log of the validation tools."
    )
    validated_by_user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="User or system account that started the validation.",
    )

    model_version: Mapped["AIModelVersion"] = relationship(foreign_keys=model_version_id)
    validated_by: Mapped["User | None"] = relationship()
