"""Create the 22 initial tables.

Why: the platform's data needs a place to live.
What: the function and triggers that stamp updated_at, all tables with their constraints, indexes
and comments, and the DEFAULT partitions of the three partitioned tables. Two pairs of tables
refer to each other; those foreign keys are added once both tables exist.
Reference: SDS sections 4.3, 5 and 11; docs/decisions.

Revision ID: 0001
Revises:
Create Date: 2026-11-21 05:00:00
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | tuple[str, ...] | None = None
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None

# Referenced tables come before the tables that refer to them.
TABLES = (
    "users",
    "teams",
    "brand_kits",
    "workbenches",
    "templates",
    "projects",
    "generation_requests",
    "assets",
    "asset_versions",
    "social_media_connections",
    "api_clients",
    "subscriptions",
    "credit_transactions",
    "usage_logs",
    "team_members",
    "sessions",
    "notifications",
    "ai_models",
    "ai_model_versions",
    "ai_model_validation_results",
    "ai_model_deployments",
    "ai_model_feedbacks",
)


def upgrade() -> None:
    _create_set_updated_at()
    _create_users()
    _create_teams()
    _create_brand_kits()
    _create_workbenches()
    _create_templates()
    _create_projects()
    _create_generation_requests()
    _create_assets()
    _create_asset_versions()
    _create_social_media_connections()
    _create_api_clients()
    _create_subscriptions()
    _create_credit_transactions()
    _create_usage_logs()
    _create_team_members()
    _create_sessions()
    _create_notifications()
    _create_ai_models()
    _create_ai_model_versions()
    _create_ai_model_validation_results()
    _create_ai_model_deployments()
    _create_ai_model_feedbacks()
    _add_circular_foreign_keys()


def downgrade() -> None:
    op.drop_constraint(
        "fk_ai_model_versions_validation_result_id", "ai_model_versions", type_="foreignkey"
    )
    op.drop_constraint(
        "fk_generation_requests_final_asset_id", "generation_requests", type_="foreignkey"
    )
    op.drop_constraint(
        "fk_generation_requests_selected_sample_id", "generation_requests", type_="foreignkey"
    )
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION set_updated_at()")


def _create_set_updated_at() -> None:
    op.execute("""
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
    IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$function$
    """)
    op.execute("""
COMMENT ON FUNCTION set_updated_at() IS
'Stamps updated_at with now() unless the statement itself sets it to a new value.'
    """)


def _uuid_key() -> sa.Column[Any]:
    default = sa.text("gen_random_uuid()")
    return sa.Column("id", sa.Uuid(), server_default=default, nullable=False)


def _timestamp(name: str, comment: str | None = None) -> sa.Column[Any]:
    now = sa.func.now()
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=now, nullable=False, comment=comment
    )


def _check_values(table: str, column: str, *values: str) -> sa.CheckConstraint:
    # The cast makes the constraint print the same after a dump and restore.
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column}::text IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _stamp_updates(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER set_updated_at BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION set_updated_at()"
    )


def _create_users() -> None:
    op.create_table(
        "users",
        _uuid_key(),
        sa.Column(
            "email",
            sa.String(255),
            nullable=False,
            comment="Address the user signs in with [personal data].",
        ),
        sa.Column(
            "password_hash",
            sa.String(255),
            comment="Password; NULL for sign-in by a social provider only [hashed by the "
            "application].",
        ),
        sa.Column(
            "social_provider",
            sa.String(50),
            comment="Identity provider the user signed up with, if any.",
        ),
        sa.Column(
            "social_provider_id",
            sa.String(255),
            comment="The user's identifier at the social provider [personal data].",
        ),
        sa.Column("is_email_verified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "email_verification_token",
            sa.String(255),
            comment="Token of the pending e-mail verification.",
        ),
        sa.Column(
            "password_reset_token", sa.String(255), comment="Token of the pending password reset."
        ),
        sa.Column(
            "password_reset_expires",
            sa.DateTime(timezone=True),
            comment="When password_reset_token stops being valid.",
        ),
        sa.Column(
            "full_name", sa.String(100), comment="Name as the user wrote it [personal data]."
        ),
        sa.Column(
            "username", sa.String(50), comment="Public handle, unique when set [personal data]."
        ),
        sa.Column(
            "profile_picture_url",
            sa.String(1024),
            comment="Where the profile picture is served [personal data].",
        ),
        sa.Column(
            "language_preference",
            sa.String(10),
            server_default="en-US",
            nullable=False,
            comment="Language tag of the user interface (BCP 47).",
        ),
        sa.Column(
            "timezone",
            sa.String(50),
            server_default="UTC",
            nullable=False,
            comment="Time zone name for display (IANA).",
        ),
        sa.Column(
            "mfa_enabled",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Whether sign-in asks for a second factor.",
        ),
        sa.Column(
            "mfa_secret",
            sa.String(255),
            comment="Shared secret of the authenticator app (TOTP) [encrypted by the application].",
        ),
        sa.Column("subscription_tier", sa.String(20), server_default="Free", nullable=False),
        sa.Column(
            "credit_balance",
            sa.Numeric(10, 2),
            server_default=sa.text("0.00"),
            nullable=False,
            comment="Credits left; a copy of the balance kept in Odoo.",
        ),
        sa.Column("last_login_at", sa.DateTime(timezone=True)),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            comment="When the row was soft-deleted; NULL while it is live.",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_user_email"),
        sa.UniqueConstraint("username", name="uq_user_username"),
        _check_values("users", "social_provider", "google", "facebook", "apple"),
        _check_values("users", "subscription_tier", "Free", "Pro", "Team", "Enterprise"),
        comment="Registered accounts: authentication, profile, preferences and credit.",
    )
    op.create_index(
        "idx_user_social_unique",
        "users",
        ["social_provider", "social_provider_id"],
        unique=True,
        postgresql_where=sa.text("social_provider IS NOT NULL AND social_provider_id IS NOT NULL"),
    )
    op.create_index("idx_user_subscriptiontier", "users", ["subscription_tier"])
    op.create_index(
        "idx_user_deletedat",
        "users",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index("idx_user_languagepreference", "users", ["language_preference"])
    _stamp_updates("users")


def _create_teams() -> None:
    op.create_table(
        "teams",
        _uuid_key(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column(
            "owner_id",
            sa.Uuid(),
            nullable=False,
            comment="Primary owner; a user who owns a team cannot be deleted.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_teams_owner_id", ondelete="RESTRICT"
        ),
        comment="Groups of users who work together.",
    )
    op.create_index("idx_team_ownerid", "teams", ["owner_id"])
    _stamp_updates("teams")


def _create_brand_kits() -> None:
    op.create_table(
        "brand_kits",
        _uuid_key(),
        sa.Column(
            "user_id",
            sa.Uuid(),
            nullable=False,
            comment="Owner; for a team's kit, the user who made it or the team's owner.",
        ),
        sa.Column(
            "team_id", sa.Uuid(), comment="Team the kit belongs to; NULL for a personal kit."
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column(
            "colors",
            postgresql.JSONB(),
            nullable=False,
            comment='Colours: [{"name": "Primary", "hex": "#FF0000", "variable": "--color-'
            'primary"}].',
        ),
        sa.Column(
            "fonts",
            postgresql.JSONB(),
            nullable=False,
            comment='Fonts: [{"name": "Heading", "family": "Arial", "url": "..."}].',
        ),
        sa.Column(
            "logos",
            postgresql.JSONB(),
            comment='Logo files in MinIO: [{"name": "Main", "path": "...", "format": "png"}].',
        ),
        sa.Column(
            "style_preferences",
            postgresql.JSONB(),
            comment="Preferred style for generations: tone, industry and the like.",
        ),
        sa.Column(
            "is_default",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Whether this is the owner's kit of first choice.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_brand_kits"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_brand_kits_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name="fk_brand_kits_team_id", ondelete="CASCADE"
        ),
        comment="Brand identities: colours, fonts, logos and style of a user or a team.",
    )
    op.create_index("idx_brandkit_userid", "brand_kits", ["user_id"])
    op.create_index("idx_brandkit_teamid", "brand_kits", ["team_id"])
    op.create_index("idx_brandkit_colors_gin", "brand_kits", ["colors"], postgresql_using="gin")
    op.create_index("idx_brandkit_fonts_gin", "brand_kits", ["fonts"], postgresql_using="gin")
    _stamp_updates("brand_kits")


def _create_workbenches() -> None:
    op.create_table(
        "workbenches",
        _uuid_key(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column(
            "default_brand_kit_id",
            sa.Uuid(),
            comment="Brand kit that new projects of this workbench start with.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_workbenches"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_workbenches_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["default_brand_kit_id"],
            ["brand_kits.id"],
            name="fk_workbenches_default_brand_kit_id",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="Containers in which users organize their projects.",
    )
    op.create_index("idx_workbench_userid", "workbenches", ["user_id"])
    op.create_index("idx_workbench_defaultbrandkitid", "workbenches", ["default_brand_kit_id"])
    _stamp_updates("workbenches")


def _create_templates() -> None:
    op.create_table(
        "templates",
        _uuid_key(),
        sa.Column(
            "user_id",
            sa.Uuid(),
            comment="Creator of a private template; NULL for a system template.",
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("category", sa.String(50), nullable=False),
        sa.Column(
            "preview_url",
            sa.String(1024),
            nullable=False,
            comment="Preview picture: a path in MinIO or an external URL.",
        ),
        sa.Column(
            "source_data",
            postgresql.JSONB(),
            nullable=False,
            comment="Content and layout, as the editor reads them.",
        ),
        sa.Column("tags", postgresql.JSONB(), comment="Search keywords: an array of strings."),
        sa.Column(
            "is_public",
            sa.Boolean(),
            server_default=sa.true(),
            nullable=False,
            comment="True for system templates, false for private ones.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_templates"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_templates_user_id", ondelete="SET NULL"
        ),
        comment="Starting points for projects: system templates and users' own.",
    )
    op.create_index("idx_template_category_ispublic", "templates", ["category", "is_public"])
    op.create_index("idx_template_userid", "templates", ["user_id"])
    op.create_index("idx_template_tags_gin", "templates", ["tags"], postgresql_using="gin")
    _stamp_updates("templates")


def _create_projects() -> None:
    op.create_table(
        "projects",
        _uuid_key(),
        sa.Column("workbench_id", sa.Uuid(), nullable=False),
        sa.Column(
            "user_id",
            sa.Uuid(),
            nullable=False,
            comment="Owner of the workbench, repeated here for fast queries; the application "
            "keeps the two the same.",
        ),
        sa.Column("template_id", sa.Uuid(), comment="Template the project began from."),
        sa.Column(
            "brand_kit_id", sa.Uuid(), comment="Brand kit used instead of the workbench's default."
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column(
            "target_platform",
            sa.String(50),
            comment="Platform the project is made for, such as InstagramStory or TikTok.",
        ),
        sa.Column(
            "collaboration_state", postgresql.JSONB(), comment="State of the shared canvas (CRDT)."
        ),
        sa.Column(
            "last_collaborated_at",
            sa.DateTime(timezone=True),
            comment="When a collaborative session last changed the canvas.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            comment="When the row was soft-deleted; NULL while it is live.",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
        sa.ForeignKeyConstraint(
            ["workbench_id"],
            ["workbenches.id"],
            name="fk_projects_workbench_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_projects_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["templates.id"], name="fk_projects_template_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["brand_kit_id"],
            ["brand_kits.id"],
            name="fk_projects_brand_kit_id",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="Creative projects, which hold assets and generation requests.",
    )
    op.create_index("idx_project_workbenchid", "projects", ["workbench_id"])
    op.create_index("idx_project_userid", "projects", ["user_id"])
    op.create_index("idx_project_updatedat", "projects", ["updated_at"])
    op.create_index("idx_project_templateid", "projects", ["template_id"])
    op.create_index("idx_project_brandkitid", "projects", ["brand_kit_id"])
    _stamp_updates("projects")


def _create_generation_requests() -> None:
    op.create_table(
        "generation_requests",
        _uuid_key(),
        sa.Column(
            "user_id",
            sa.Uuid(),
            nullable=False,
            comment="Who asked; a user with requests cannot be deleted, for audit and billing.",
        ),
        sa.Column(
            "project_id",
            sa.Uuid(),
            comment="Project of the request; NULL once the project is deleted.",
        ),
        sa.Column(
            "input_prompt", sa.Text(), nullable=False, comment="What the user asked for, in words."
        ),
        sa.Column("style_guidance", sa.Text()),
        sa.Column(
            "input_parameters",
            postgresql.JSONB(),
            comment="Format, resolution hints, references to input assets and the like.",
        ),
        sa.Column("status", sa.String(50), server_default="Pending", nullable=False),
        sa.Column(
            "error_message", sa.Text(), comment="Why the status is Failed or ContentRejected."
        ),
        sa.Column(
            "sample_assets",
            postgresql.JSONB(),
            comment='Samples: [{"id": "<assets.id>", "url": "...", "resolution": "512x512"}].',
        ),
        sa.Column(
            "selected_sample_id", sa.Uuid(), comment="Sample chosen for the final generation."
        ),
        sa.Column("final_asset_id", sa.Uuid(), comment="Asset that the request resulted in."),
        sa.Column(
            "credits_cost_sample", sa.Numeric(10, 2), comment="Credits charged for the samples."
        ),
        sa.Column(
            "credits_cost_final", sa.Numeric(10, 2), comment="Credits charged for the final asset."
        ),
        sa.Column(
            "ai_model_used", sa.String(100), comment="Identifier of the AI model or workflow."
        ),
        sa.Column(
            "processing_time_ms",
            sa.Integer(),
            comment="Time the whole generation took, in milliseconds.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_generation_requests"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_generation_requests_user_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name="fk_generation_requests_project_id",
            ondelete="SET NULL",
        ),
        _check_values(
            "generation_requests",
            "status",
            "Pending",
            "ProcessingSamples",
            "AwaitingSelection",
            "ProcessingFinal",
            "Completed",
            "Failed",
            "Cancelled",
            "ContentRejected",
        ),
        comment="AI generation requests: inputs, status and outputs.",
    )
    op.create_index("idx_generationrequest_userid", "generation_requests", ["user_id"])
    op.create_index("idx_generationrequest_projectid", "generation_requests", ["project_id"])
    op.create_index(
        "idx_generationrequest_status_createdat", "generation_requests", ["status", "created_at"]
    )
    op.create_index(
        "idx_generationrequest_selectedsampleid", "generation_requests", ["selected_sample_id"]
    )
    op.create_index("idx_generationrequest_finalassetid", "generation_requests", ["final_asset_id"])
    _stamp_updates("generation_requests")


def _create_assets() -> None:
    op.create_table(
        "assets",
        _uuid_key(),
        sa.Column(
            "project_id",
            sa.Uuid(),
            comment="Project of the asset; NULL for one in the user's library.",
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Owner of the asset."),
        sa.Column(
            "generation_request_id",
            sa.Uuid(),
            comment="Request that generated the asset, if AI did.",
        ),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column(
            "type",
            sa.String(20),
            nullable=False,
            comment="How the asset came to be; Derived is made by editing another.",
        ),
        sa.Column(
            "file_path", sa.String(1024), nullable=False, comment="Path of the file in MinIO."
        ),
        sa.Column("mime_type", sa.String(50), nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column(
            "resolution",
            sa.String(20),
            comment="Pixels, such as 1920x1080; NULL for what is not an image.",
        ),
        sa.Column(
            "is_final",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Whether the user chose it as the result of a generation or finished "
            "editing it.",
        ),
        sa.Column(
            "metadata",
            postgresql.JSONB(),
            comment="Dominant colours, tags, generation parameters and the like.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            comment="When the row was soft-deleted; NULL while it is live.",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assets"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_assets_project_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_assets_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["generation_request_id"],
            ["generation_requests.id"],
            name="fk_assets_generation_request_id",
            ondelete="SET NULL",
        ),
        _check_values("assets", "type", "Uploaded", "AIGenerated", "Derived"),
        comment="Creative files, uploaded by users or generated by AI.",
    )
    op.create_index("idx_asset_projectid_createdat", "assets", ["project_id", "created_at"])
    op.create_index("idx_asset_userid", "assets", ["user_id"])
    op.create_index("idx_asset_generationrequestid", "assets", ["generation_request_id"])
    op.create_index("idx_asset_type", "assets", ["type"])
    _stamp_updates("assets")


def _create_asset_versions() -> None:
    op.create_table(
        "asset_versions",
        _uuid_key(),
        sa.Column("asset_id", sa.Uuid(), comment="Asset this is a version of."),
        sa.Column(
            "project_id",
            sa.Uuid(),
            comment="Project this is a version of, or in which the asset was versioned.",
        ),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column(
            "file_path", sa.String(1024), comment="Path in MinIO, if the version saves a file."
        ),
        sa.Column(
            "state_data",
            postgresql.JSONB(),
            comment="State of the canvas (CRDT or JSON), if the version saves one.",
        ),
        sa.Column("description", sa.Text()),
        sa.Column("created_by_user_id", sa.Uuid(), comment="User who saved the version."),
        _timestamp("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_asset_versions"),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name="fk_asset_versions_asset_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_asset_versions_project_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"],
            ["users.id"],
            name="fk_asset_versions_created_by_user_id",
            ondelete="SET NULL",
        ),
        comment="Version history of assets and of project states.",
    )
    op.create_index("idx_assetversion_assetid", "asset_versions", ["asset_id"])
    op.create_index("idx_assetversion_projectid", "asset_versions", ["project_id"])
    op.create_index(
        "idx_assetversion_assetid_version", "asset_versions", ["asset_id", "version_number"]
    )
    op.create_index(
        "idx_assetversion_projectid_version", "asset_versions", ["project_id", "version_number"]
    )
    op.create_index("idx_assetversion_createdbyuserid", "asset_versions", ["created_by_user_id"])


def _create_social_media_connections() -> None:
    op.create_table(
        "social_media_connections",
        _uuid_key(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column(
            "external_user_id",
            sa.String(100),
            nullable=False,
            comment="The user's identifier on the platform [personal data].",
        ),
        sa.Column(
            "access_token",
            sa.Text(),
            nullable=False,
            comment="OAuth access token for the platform's API [encrypted by the application].",
        ),
        sa.Column(
            "refresh_token",
            sa.Text(),
            comment="OAuth refresh token [encrypted by the application].",
        ),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), comment="When the access token expires."
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_social_media_connections"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name="fk_social_media_connections_user_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("user_id", "platform", name="uq_socialconnection_user_platform"),
        _check_values(
            "social_media_connections",
            "platform",
            "Instagram",
            "Facebook",
            "LinkedIn",
            "Twitter",
            "Pinterest",
            "TikTok",
        ),
        comment="Social media accounts that users connected, with their OAuth tokens.",
    )
    _stamp_updates("social_media_connections")


def _create_api_clients() -> None:
    op.create_table(
        "api_clients",
        _uuid_key(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False, comment="Name the user gave the key."),
        sa.Column(
            "api_key",
            sa.String(100),
            nullable=False,
            comment="Public identifier of the key, sent with each call.",
        ),
        sa.Column(
            "secret_hash",
            sa.String(255),
            nullable=False,
            comment="Secret that goes with the key [hashed by the application].",
        ),
        sa.Column("permissions", postgresql.JSONB(), comment="What the key may do, in detail."),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_api_clients"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_api_clients_user_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("api_key", name="uq_apiclient_apikey"),
        comment="API credentials of developers: public keys and hashed secrets.",
    )
    op.create_index("idx_apiclient_userid", "api_clients", ["user_id"])
    _stamp_updates("api_clients")


def _create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        _uuid_key(),
        sa.Column(
            "user_id", sa.Uuid(), nullable=False, comment="Subscriber; one subscription each."
        ),
        sa.Column(
            "odoo_sale_order_id",
            sa.String(255),
            nullable=False,
            comment="Sale order or subscription record in Odoo.",
        ),
        sa.Column(
            "plan_id",
            sa.String(50),
            nullable=False,
            comment="Plan, such as pro_monthly or team_annual.",
        ),
        sa.Column("status", sa.String(20), server_default="Active", nullable=False),
        sa.Column("current_period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_period_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payment_provider", sa.String(50), nullable=False),
        sa.Column(
            "payment_provider_subscription_id",
            sa.String(255),
            comment="Subscription at the payment provider.",
        ),
        sa.Column(
            "payment_method_id",
            sa.String(255),
            comment="Default payment method at the payment provider.",
        ),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_subscriptions_user_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("user_id", name="uq_subscription_user"),
        sa.UniqueConstraint("odoo_sale_order_id", name="uq_subscription_odoo_so"),
        _check_values("subscriptions", "payment_provider", "Stripe", "PayPal", "OdooManual"),
        _check_values(
            "subscriptions", "status", "Active", "Trial", "Suspended", "Cancelled", "Expired"
        ),
        comment="Subscriptions, one per user, kept in step with Odoo.",
    )
    op.create_index("idx_subscription_userid_status", "subscriptions", ["user_id", "status"])
    op.create_index("idx_subscription_currentperiodend", "subscriptions", ["current_period_end"])
    _stamp_updates("subscriptions")


def _create_credit_transactions() -> None:
    op.create_table(
        "credit_transactions",
        _uuid_key(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("odoo_invoice_id", sa.String(255), comment="Invoice in Odoo, if there is one."),
        sa.Column(
            "generation_request_id", sa.Uuid(), comment="Generation the credits were spent on."
        ),
        sa.Column("api_call_id", sa.String(255), comment="API call the credits were spent on."),
        sa.Column(
            "amount",
            sa.Numeric(10, 2),
            nullable=False,
            comment="Credits: positive for a purchase or refund, negative for use.",
        ),
        sa.Column(
            "action_type",
            sa.String(50),
            nullable=False,
            comment="What happened: purchase, sample_generation, final_generation, export_hd, "
            "api_generation, refund and the like.",
        ),
        sa.Column("description", sa.Text()),
        _timestamp("created_at", comment="When it happened; the partition key."),
        _timestamp("synced_at", comment="When the row was synced from Odoo."),
        sa.PrimaryKeyConstraint("id", "created_at", name="pk_credit_transactions"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_credit_transactions_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["generation_request_id"],
            ["generation_requests.id"],
            name="fk_credit_transactions_generation_request_id",
            ondelete="SET NULL",
        ),
        postgresql_partition_by="RANGE (created_at)",
        comment="Credits bought, refunded and spent; partitioned by month of created_at.",
    )
    op.create_index(
        "idx_credittransaction_userid_createdat", "credit_transactions", ["user_id", "created_at"]
    )
    op.create_index("idx_credittransaction_actiontype", "credit_transactions", ["action_type"])
    op.create_index(
        "idx_credittransaction_generationrequestid",
        "credit_transactions",
        ["generation_request_id"],
    )
    op.execute("CREATE TABLE credit_transactions_default PARTITION OF credit_transactions DEFAULT")


def _create_usage_logs() -> None:
    op.create_table(
        "usage_logs",
        # squawk-ignore prefer-identity: the design writes BIGSERIAL (R13).
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Uuid(), comment="Who acted; NULL once the user is deleted."),
        sa.Column("generation_request_id", sa.Uuid(), comment="Generation the action belongs to."),
        sa.Column(
            "api_client_id", sa.Uuid(), comment="API client, if the action came through the API."
        ),
        sa.Column(
            "action_type",
            sa.String(100),
            nullable=False,
            comment="What was done: sample_generation_initiated, asset_exported, "
            "api_call_success, login_success and the like.",
        ),
        sa.Column(
            "details",
            postgresql.JSONB(),
            comment="Context of the action: format, resolution, endpoint, duration and the like.",
        ),
        sa.Column("credits_cost", sa.Numeric(10, 2), comment="Credits this step consumed."),
        _timestamp("timestamp", comment="When it was done; the partition key."),
        sa.PrimaryKeyConstraint("id", "timestamp", name="pk_usage_logs"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_usage_logs_user_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["generation_request_id"],
            ["generation_requests.id"],
            name="fk_usage_logs_generation_request_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["api_client_id"],
            ["api_clients.id"],
            name="fk_usage_logs_api_client_id",
            ondelete="SET NULL",
        ),
        postgresql_partition_by="RANGE (timestamp)",
        comment="Log of billable and trackable actions; partitioned by month of timestamp.",
    )
    op.create_index("idx_usagelog_userid_timestamp", "usage_logs", ["user_id", "timestamp"])
    op.create_index("idx_usagelog_actiontype", "usage_logs", ["action_type"])
    op.create_index("idx_usagelog_generationrequestid", "usage_logs", ["generation_request_id"])
    op.create_index("idx_usagelog_apiclientid", "usage_logs", ["api_client_id"])
    op.execute("CREATE TABLE usage_logs_default PARTITION OF usage_logs DEFAULT")


def _create_team_members() -> None:
    op.create_table(
        "team_members",
        _uuid_key(),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        _timestamp("joined_at"),
        sa.PrimaryKeyConstraint("id", name="pk_team_members"),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name="fk_team_members_team_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_team_members_user_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("team_id", "user_id", name="uq_teammember_team_user"),
        _check_values("team_members", "role", "Owner", "Admin", "Editor", "Viewer"),
        comment="Memberships: which user is in which team, in which role.",
    )
    op.create_index("idx_teammember_userid_role", "team_members", ["user_id", "role"])
    op.create_index("idx_teammember_teamid", "team_members", ["team_id"])


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        _uuid_key(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "device_info",
            sa.String(255),
            nullable=False,
            comment="Device, as shown to the user [personal data].",
        ),
        sa.Column(
            "ip_address",
            sa.String(45),
            nullable=False,
            comment="IPv4 or IPv6 address [personal data].",
        ),
        sa.Column("user_agent", sa.Text(), comment="User-Agent header in full [personal data]."),
        _timestamp("last_activity"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _timestamp("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"
        ),
        comment="Authentication sessions of users, web and mobile.",
    )
    op.create_index("idx_session_userid_expiresat", "sessions", ["user_id", "expires_at"])
    op.create_index("idx_session_expiresat", "sessions", ["expires_at"])
    op.create_index("idx_session_lastactivity", "sessions", ["last_activity"])


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        _uuid_key(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.String(50),
            nullable=False,
            comment="Kind: generation_complete, collaboration_invite, billing_alert, "
            "system_update and the like.",
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column(
            "metadata",
            postgresql.JSONB(),
            comment="Context: links to a project, asset or team, a status and the like.",
        ),
        sa.Column("is_read", sa.Boolean(), server_default=sa.false(), nullable=False),
        _timestamp("created_at", comment="When it was sent; the partition key."),
        _timestamp("updated_at", comment="When the row last changed, as on being read."),
        sa.PrimaryKeyConstraint("id", "created_at", name="pk_notifications"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_notifications_user_id", ondelete="CASCADE"
        ),
        postgresql_partition_by="RANGE (created_at)",
        comment="Messages from the system to users; partitioned by month of created_at.",
    )
    op.create_index(
        "idx_notification_userid_isread_createdat",
        "notifications",
        ["user_id", "is_read", "created_at"],
    )
    op.create_index(
        "idx_notification_userid_isread_unread",
        "notifications",
        ["user_id", "is_read"],
        postgresql_where=sa.text("is_read = false"),
    )
    op.execute("CREATE TABLE notifications_default PARTITION OF notifications DEFAULT")
    _stamp_updates("notifications")


def _create_ai_models() -> None:
    op.create_table(
        "ai_models",
        _uuid_key(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column(
            "provider",
            sa.String(50),
            nullable=False,
            comment="Who runs it: Internal, OpenAI, StabilityAI and the like.",
        ),
        sa.Column("task_type", sa.String(50), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ai_models"),
        sa.UniqueConstraint("name", name="uq_aimodel_name"),
        _check_values(
            "ai_models",
            "task_type",
            "ImageGeneration",
            "TextGeneration",
            "ImageTransformation",
            "StyleTransfer",
            "ContentSafety",
        ),
        comment="AI models available on the platform, internal and external.",
    )
    op.create_index("idx_aimodel_provider_tasktype", "ai_models", ["provider", "task_type"])
    op.create_index("idx_aimodel_isactive", "ai_models", ["is_active"])
    _stamp_updates("ai_models")


def _create_ai_model_versions() -> None:
    op.create_table(
        "ai_model_versions",
        _uuid_key(),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column(
            "version_number",
            sa.String(50),
            nullable=False,
            comment="Version as its maker writes it, such as 1.0 or 2023-10-26.",
        ),
        sa.Column(
            "source_path",
            sa.String(1024),
            comment="Path of the artifacts in MinIO; NULL for an external model.",
        ),
        sa.Column(
            "format",
            sa.String(50),
            comment="Packaging, such as ONNX, TensorFlow SavedModel or API.",
        ),
        sa.Column(
            "parameters", postgresql.JSONB(), comment="Parameters and configuration of the model."
        ),
        sa.Column("status", sa.String(50), server_default="Staged", nullable=False),
        sa.Column("validation_result_id", sa.Uuid(), comment="Validation the status rests on."),
        sa.Column("created_by_user_id", sa.Uuid(), comment="User who uploaded or made it."),
        sa.Column("release_notes", sa.Text()),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ai_model_versions"),
        sa.ForeignKeyConstraint(
            ["model_id"], ["ai_models.id"], name="fk_ai_model_versions_model_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"],
            ["users.id"],
            name="fk_ai_model_versions_created_by_user_id",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("model_id", "version_number", name="uq_aimodelversion_model_version"),
        _check_values(
            "ai_model_versions",
            "status",
            "Staged",
            "Production",
            "Deprecated",
            "Archived",
            "Failed",
        ),
        comment="Versions of AI models: source, parameters and status.",
    )
    op.create_index("idx_aimodelversion_modelid", "ai_model_versions", ["model_id"])
    op.create_index("idx_aimodelversion_status", "ai_model_versions", ["status"])
    op.create_index(
        "idx_aimodelversion_validationresultid", "ai_model_versions", ["validation_result_id"]
    )
    op.create_index(
        "idx_aimodelversion_createdbyuserid", "ai_model_versions", ["created_by_user_id"]
    )
    _stamp_updates("ai_model_versions")


def _create_ai_model_validation_results() -> None:
    op.create_table(
        "ai_model_validation_results",
        _uuid_key(),
        sa.Column("model_version_id", sa.Uuid(), nullable=False),
        _timestamp("validation_timestamp"),
        sa.Column("security_scan_status", sa.String(50), nullable=False),
        sa.Column("functional_status", sa.String(50), nullable=False),
        sa.Column(
            "performance_benchmark",
            postgresql.JSONB(),
            comment="Benchmark figures: latency, throughput, quality.",
        ),
        sa.Column("results", postgresql.JSONB(), comment="Full log of the validation tools."),
        sa.Column(
            "validated_by_user_id",
            sa.Uuid(),
            comment="User or system account that started the validation.",
        ),
        _timestamp("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ai_model_validation_results"),
        sa.ForeignKeyConstraint(
            ["model_version_id"],
            ["ai_model_versions.id"],
            name="fk_ai_model_validation_results_model_version_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["validated_by_user_id"],
            ["users.id"],
            name="fk_ai_model_validation_results_validated_by_user_id",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("model_version_id", name="uq_aimodelvalidationresult_modelversion"),
        _check_values(
            "ai_model_validation_results",
            "functional_status",
            "Passed",
            "Failed",
            "Pending",
            "Skipped",
        ),
        _check_values(
            "ai_model_validation_results",
            "security_scan_status",
            "Passed",
            "Failed",
            "Pending",
            "Skipped",
        ),
        comment="Results of validating AI model versions, one per version.",
    )
    op.create_index(
        "idx_aimodelvalidationresult_timestamp",
        "ai_model_validation_results",
        ["validation_timestamp"],
    )
    op.create_index(
        "idx_aimodelvalidationresult_validatedbyuserid",
        "ai_model_validation_results",
        ["validated_by_user_id"],
    )


def _create_ai_model_deployments() -> None:
    op.create_table(
        "ai_model_deployments",
        _uuid_key(),
        sa.Column("model_version_id", sa.Uuid(), nullable=False),
        sa.Column("environment", sa.String(50), nullable=False),
        sa.Column("status", sa.String(50), server_default="Initiated", nullable=False),
        sa.Column(
            "deployment_strategy",
            sa.String(50),
            comment="How it is rolled out: blue_green, canary, rolling_update.",
        ),
        sa.Column("endpoint", sa.String(255), comment="Internal address of the running model."),
        sa.Column(
            "kubernetes_details",
            postgresql.JSONB(),
            comment="Kubernetes deployment, namespace, pod counts and the like.",
        ),
        sa.Column(
            "deployed_by_user_id",
            sa.Uuid(),
            comment="User or system account that started the deployment.",
        ),
        _timestamp("deployment_timestamp"),
        _timestamp("created_at"),
        _timestamp("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ai_model_deployments"),
        sa.ForeignKeyConstraint(
            ["model_version_id"],
            ["ai_model_versions.id"],
            name="fk_ai_model_deployments_model_version_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deployed_by_user_id"],
            ["users.id"],
            name="fk_ai_model_deployments_deployed_by_user_id",
            ondelete="SET NULL",
        ),
        _check_values("ai_model_deployments", "environment", "staging", "production", "testing"),
        _check_values(
            "ai_model_deployments",
            "status",
            "Initiated",
            "Deploying",
            "Active",
            "Inactive",
            "Failed",
            "RolledBack",
        ),
        comment="Deployments of AI model versions to environments.",
    )
    op.create_index(
        "idx_aimodeldeployment_versionid_env",
        "ai_model_deployments",
        ["model_version_id", "environment"],
    )
    op.create_index("idx_aimodeldeployment_status", "ai_model_deployments", ["status"])
    op.create_index(
        "idx_aimodeldeployment_deployedbyuserid", "ai_model_deployments", ["deployed_by_user_id"]
    )
    _stamp_updates("ai_model_deployments")


def _create_ai_model_feedbacks() -> None:
    op.create_table(
        "ai_model_feedbacks",
        _uuid_key(),
        sa.Column("user_id", sa.Uuid(), comment="Who gave it; NULL once the user is deleted."),
        sa.Column("generation_request_id", sa.Uuid(), comment="Generation the feedback is about."),
        sa.Column("model_version_id", sa.Uuid(), comment="Model version the feedback is about."),
        sa.Column("rating", sa.Integer(), comment="Stars, 1 to 5."),
        sa.Column("comment", sa.Text()),
        _timestamp("feedback_timestamp"),
        sa.Column("details", postgresql.JSONB(), comment="Further structured feedback."),
        _timestamp("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ai_model_feedbacks"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_ai_model_feedbacks_user_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["generation_request_id"],
            ["generation_requests.id"],
            name="fk_ai_model_feedbacks_generation_request_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["model_version_id"],
            ["ai_model_versions.id"],
            name="fk_ai_model_feedbacks_model_version_id",
            ondelete="SET NULL",
        ),
        sa.CheckConstraint(
            "rating >= 1 AND rating <= 5", name=op.f("ck_ai_model_feedbacks_rating")
        ),
        comment="Users' feedback on the outputs of AI models.",
    )
    op.create_index("idx_aimodelfeedback_userid", "ai_model_feedbacks", ["user_id"])
    op.create_index(
        "idx_aimodelfeedback_generationrequestid", "ai_model_feedbacks", ["generation_request_id"]
    )
    op.create_index(
        "idx_aimodelfeedback_modelversionid", "ai_model_feedbacks", ["model_version_id"]
    )


def _add_circular_foreign_keys() -> None:
    op.create_foreign_key(
        "fk_generation_requests_selected_sample_id",
        "generation_requests",
        "assets",
        ["selected_sample_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        "fk_generation_requests_final_asset_id",
        "generation_requests",
        "assets",
        ["final_asset_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        "fk_ai_model_versions_validation_result_id",
        "ai_model_versions",
        "ai_model_validation_results",
        ["validation_result_id"],
        ["id"],
        ondelete="SET NULL",
    )
