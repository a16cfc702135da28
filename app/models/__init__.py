"""The models of all tables (SDS 5); importing this package fills ``Base.metadata``."""

from ..db.base import Base
from ..db.exports import import_modules
from .ai_model_deployment_model import (
    AIModelDeployment,
    DeploymentEnvironment,
    DeploymentStatus,
)
from .ai_model_feedback_model import AIModelFeedback
from .ai_model_model import AIModel, AITaskType
from .ai_model_validation_result_model import AIModelValidationResult, ValidationStatus
from .ai_model_version_model import AIModelVersion, AIModelVersionStatus
from .api_client_model import APIClient
from .asset_model import Asset, AssetType
from .asset_version_model import AssetVersion
from .brand_kit_model import BrandKit
from .credit_transaction_model import CreditTransaction
from .generation_request_model import GenerationRequest, GenerationRequestStatus
from .notification_model import Notification
from .project_model import Project
from .session_model import Session
from .social_media_connection_model import SocialMediaConnection, SocialPlatform
from .subscription_model import PaymentProvider, Subscription, SubscriptionStatus
from .team_member_model import TeamMember, TeamRole
from .team_model import Team
from .template_model import Template
from .usage_log_model import UsageLog
from .user_model import SocialProvider, SubscriptionTier, User
from .workbench_model import Workbench

__all__ = [
    "AIModel",
    "AIModelDeployment",
    "AIModelFeedback",
    "AIModelValidationResult",
    "AIModelVersion",
    "AIModelVersionStatus",
    "AITaskType",
    "APIClient",
    "Asset",
    "AssetType",
    "AssetVersion",
    "Base",
    "BrandKit",
    "CreditTransaction",
    "DeploymentEnvironment",
    "DeploymentStatus",
    "GenerationRequest",
    "GenerationRequestStatus",
    "Notification",
    "PaymentProvider",
    "Project",
    "Session",
    "SocialMediaConnection",
    "SocialPlatform",
    "SocialProvider",
    "Subscription",
    "SubscriptionStatus",
    "SubscriptionTier",
    "Team",
    "TeamMember",
    "TeamRole",
    "Template",
    "UsageLog",
    "User",
    "ValidationStatus",
    "Workbench",
]

# What is not exported is found all the same, and said: alembic check.
import_modules(__name__, __path__)
