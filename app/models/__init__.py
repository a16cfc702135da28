"""The models of all 22 tables (SDS 5); importing this package fills ``Base.metadata``."""

from app.db.base import Base
from app.models.ai_model_deployment_model import (
    AIModelDeployment,
    DeploymentEnvironment,
    DeploymentStatus,
)
from app.models.ai_model_feedback_model import AIModelFeedback
from app.models.ai_model_model import AIModel, AITaskType
from app.models.ai_model_validation_result_model import AIModelValidationResult, ValidationStatus
from app.models.ai_model_version_model import AIModelVersion, AIModelVersionStatus
from app.models.api_client_model import APIClient
from app.models.asset_model import Asset, AssetType
from app.models.asset_version_model import AssetVersion
from app.models.brand_kit_model import BrandKit
from app.models.credit_transaction_model import CreditTransaction
from app.models.generation_request_model import GenerationRequest, GenerationRequestStatus
from app.models.notification_model import Notification
from app.models.project_model import Project
from app.models.session_model import Session
from app.models.social_media_connection_model import SocialMediaConnection, SocialPlatform
from app.models.subscription_model import PaymentProvider, Subscription, SubscriptionStatus
from app.models.team_member_model import TeamMember, TeamRole
from app.models.team_model import Team
from app.models.template_model import Template
from app.models.usage_log_model import UsageLog
from app.models.user_model import SocialProvider, SubscriptionTier, User
from app.models.workbench_model import Workbench

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
