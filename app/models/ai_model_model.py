"""Table ``ai_models`` (SDS 5.18, INT-007)."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .ai_model_version_model import AIModelVersion


class AITaskType(StrEnum):
    """What a model can do."""

    IMAGE_GENERATION = "ImageGeneration"
    TEXT_GENERATION = "TextGeneration"
    IMAGE_TRANSFORMATION = "ImageTransformation"
    STYLE_TRANSFER = "StyleTransfer"
    CONTENT_SAFETY = "ContentSafety"


class AIModel(UUIDPrimaryKey, Timestamps, Base):
    """An AI model the platform can use, its own or a provider's (SDS 5.18)."""

    __tablename__ = "ai_models"
    __table_args__ = (
        UniqueConstraint(
            "name", name="uq_aimodel_name", info={"serves": "Find a model by its name."}
        ),
        check_values("task_type", AITaskType),
        Index(
            "idx_aimodel_provider_tasktype",
            "provider",
            "task_type",
            info={"serves": "Choose among a provider's models for a task."},
        ),
        Index(
            "idx_aimodel_isactive",
            "is_active",
            info={"serves": "List the models in service among many retired ones."},
        ),
        {
            "comment": "AI models available on the platform, internal and external.",
            **in_domain(Domain.AI),
        },
    )

    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None]
    provider: Mapped[str] = mapped_column(
        String(50), comment="Who runs it: Internal, OpenAI, StabilityAI and the like."
    )
    task_type: Mapped[AITaskType] = mapped_column(value_list(AITaskType, 50))
    is_active: Mapped[bool] = mapped_column(server_default=true())

    versions: Mapped[list["AIModelVersion"]] = relationship(
        back_populates="ai_model_parent", cascade="all", passive_deletes=True
    )
