"""Table ``ai_model_deployments`` (SDS 5.21, INT-007, AISIML-010)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .ai_model_version_model import AIModelVersion
    from .user_model import User


class DeploymentEnvironment(StrEnum):
    """Where a model version can run."""

    STAGING = "staging"
    PRODUCTION = "production"
    TESTING = "testing"


class DeploymentStatus(StrEnum):
    """The life of a deployment."""

    INITIATED = "Initiated"
    DEPLOYING = "Deploying"
    ACTIVE = "Active"
    INACTIVE = "Inactive"
    FAILED = "Failed"
    ROLLED_BACK = "RolledBack"


class AIModelDeployment(UUIDPrimaryKey, Timestamps, Base):
    """One deployment of a model version to an environment (SDS 5.21)."""

    __tablename__ = "ai_model_deployments"
    __table_args__ = (
        check_values("environment", DeploymentEnvironment),
        check_values("status", DeploymentStatus),
        Index(
            "idx_aimodeldeployment_versionid_env",
            "model_version_id",
            "environment",
            info={"serves": "See where a version is deployed in an environment."},
        ),
        Index(
            "idx_aimodeldeployment_status",
            "status",
            info={"serves": "Watch the deployments under way."},
        ),
        Index(
            "idx_aimodeldeployment_deployedbyuserid",
            "deployed_by_user_id",
            info={"serves": "Keep a deleted user's deployments, without the user."},
        ),
        {"comment": "Deployments of AI model versions to environments.", **in_domain(Domain.AI)},
    )

    model_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("ai_model_versions.id", ondelete="CASCADE")
    )
    environment: Mapped[DeploymentEnvironment] = mapped_column(
        value_list(DeploymentEnvironment, 50)
    )
    status: Mapped[DeploymentStatus] = mapped_column(
        value_list(DeploymentStatus, 50), server_default=DeploymentStatus.INITIATED
    )
    deployment_strategy: Mapped[str | None] = mapped_column(
        String(50), comment="How it is rolled out: blue_green, canary, rolling_update."
    )
    endpoint: Mapped[str | None] = mapped_column(
        String(255), comment="Internal address of the running model."
    )
    kubernetes_details: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Kubernetes deployment, namespace, pod counts and the like."
    )
    deployed_by_user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="User or system account that started the deployment.",
    )
    deployment_timestamp: Mapped[datetime] = mapped_column(server_default=func.now())

    model_version: Mapped["AIModelVersion"] = relationship(back_populates="deployments")
    deployed_by: Mapped["User | None"] = relationship()
