"""The schema as the design documents have it, with the resolutions R1..R23 applied.

Written down from SDS section 5 and the database design, never from the models: it is what the
models, the migrations and the reference DDL are held against.
"""

from tests.schema.documents.accounts import (
    API_CLIENTS,
    NOTIFICATIONS,
    SESSIONS,
    SOCIAL_MEDIA_CONNECTIONS,
    USERS,
)
from tests.schema.documents.ai_models import (
    AI_MODEL_DEPLOYMENTS,
    AI_MODEL_FEEDBACKS,
    AI_MODEL_VALIDATION_RESULTS,
    AI_MODEL_VERSIONS,
    AI_MODELS,
)
from tests.schema.documents.billing import CREDIT_TRANSACTIONS, SUBSCRIPTIONS, USAGE_LOGS
from tests.schema.documents.generation import ASSET_VERSIONS, ASSETS, GENERATION_REQUESTS
from tests.schema.documents.notation import Table
from tests.schema.documents.studio import BRAND_KITS, PROJECTS, TEMPLATES, WORKBENCHES
from tests.schema.documents.teams import TEAM_MEMBERS, TEAMS

TABLES: tuple[Table, ...] = (
    USERS,
    BRAND_KITS,
    WORKBENCHES,
    PROJECTS,
    ASSETS,
    ASSET_VERSIONS,
    GENERATION_REQUESTS,
    SOCIAL_MEDIA_CONNECTIONS,
    API_CLIENTS,
    SUBSCRIPTIONS,
    CREDIT_TRANSACTIONS,
    USAGE_LOGS,
    TEAMS,
    TEAM_MEMBERS,
    SESSIONS,
    NOTIFICATIONS,
    TEMPLATES,
    AI_MODELS,
    AI_MODEL_VERSIONS,
    AI_MODEL_VALIDATION_RESULTS,
    AI_MODEL_DEPLOYMENTS,
    AI_MODEL_FEEDBACKS,
)
"""All tables, in the order of SDS section 5."""

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
