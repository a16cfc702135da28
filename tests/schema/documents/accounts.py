"""People, how they sign in, and what reaches them."""

from tests.schema.documents.notation import (
    AMOUNT,
    BOOLEAN,
    CREATED_AT,
    DELETED_AT,
    FALSE,
    ID,
    JSONB,
    NOW,
    TEXT,
    TIMESTAMPTZ,
    TRUE,
    UPDATED_AT,
    UUID,
    Table,
    index,
    literal,
    optional,
    partial,
    required,
    to,
    unique,
    varchar,
)

# SDS 5.1
USERS = Table(
    "users",
    columns=(
        ID,
        required("email", varchar(255)),
        optional("password_hash", varchar(255), protection="hashed"),
        optional("social_provider", varchar(50), one_of=("google", "facebook", "apple")),
        optional("social_provider_id", varchar(255)),
        required("is_email_verified", BOOLEAN, FALSE),
        optional("email_verification_token", varchar(255), protection="secret"),
        optional("password_reset_token", varchar(255), protection="secret"),
        optional("password_reset_expires", TIMESTAMPTZ),
        optional("full_name", varchar(100)),
        optional("username", varchar(50)),
        optional("profile_picture_url", varchar(1024)),
        required("language_preference", varchar(10), literal("en-US")),
        required("timezone", varchar(50), literal("UTC")),
        required("mfa_enabled", BOOLEAN, FALSE),
        optional("mfa_secret", varchar(255), protection="encrypted"),
        required(
            "subscription_tier",
            varchar(20),
            literal("Free"),
            one_of=("Free", "Pro", "Team", "Enterprise"),
        ),
        required("credit_balance", AMOUNT, "0.00"),
        optional("last_login_at", TIMESTAMPTZ),
        CREATED_AT,
        UPDATED_AT,
        DELETED_AT,
    ),
    uniques=(
        unique("uq_user_email", "email"),
        unique("uq_user_username", "username"),
    ),
    indexes=(
        partial(
            index("idx_user_social_unique", "social_provider", "social_provider_id"),
            "((social_provider IS NOT NULL) AND (social_provider_id IS NOT NULL))",
            unique=True,
        ),
        index("idx_user_subscriptiontier", "subscription_tier"),
        partial(index("idx_user_deletedat", "deleted_at"), "(deleted_at IS NOT NULL)"),
        index("idx_user_languagepreference", "language_preference"),
    ),
)

# SDS 5.8
SOCIAL_MEDIA_CONNECTIONS = Table(
    "social_media_connections",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        required(
            "platform",
            varchar(20),
            one_of=("Instagram", "Facebook", "LinkedIn", "Twitter", "Pinterest", "TikTok"),
        ),
        required("external_user_id", varchar(100)),
        required("access_token", TEXT, protection="encrypted"),
        optional("refresh_token", TEXT, protection="encrypted"),
        optional("expires_at", TIMESTAMPTZ),
        CREATED_AT,
        UPDATED_AT,
    ),
    uniques=(unique("uq_socialconnection_user_platform", "user_id", "platform"),),
)

# SDS 5.9
API_CLIENTS = Table(
    "api_clients",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        required("name", varchar(100)),
        required("api_key", varchar(100)),
        required("secret_hash", varchar(255), protection="hashed"),
        optional("permissions", JSONB),
        required("is_active", BOOLEAN, TRUE),
        CREATED_AT,
        UPDATED_AT,
    ),
    uniques=(unique("uq_apiclient_apikey", "api_key"),),
    indexes=(index("idx_apiclient_userid", "user_id"),),
)

# SDS 5.15
SESSIONS = Table(
    "sessions",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        required("device_info", varchar(255)),
        required("ip_address", varchar(45)),
        optional("user_agent", TEXT),
        required("last_activity", TIMESTAMPTZ, NOW),
        required("expires_at", TIMESTAMPTZ),
        CREATED_AT,
    ),
    indexes=(
        index("idx_session_userid_expiresat", "user_id", "expires_at"),
        index("idx_session_expiresat", "expires_at"),
        index("idx_session_lastactivity", "last_activity"),
    ),
)

# SDS 5.16
NOTIFICATIONS = Table(
    "notifications",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        required("type", varchar(50)),
        required("message", TEXT),
        optional("metadata", JSONB),
        required("is_read", BOOLEAN, FALSE),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(
        index("idx_notification_userid_isread_createdat", "user_id", "is_read", "created_at"),
        partial(
            index("idx_notification_userid_isread_unread", "user_id", "is_read"),
            "(is_read = false)",
        ),
    ),
    partitioned_by="created_at",
)
