"""What is generated: assets, their versions, and the requests behind them."""

from tests.schema.documents.notation import (
    AMOUNT,
    BOOLEAN,
    CREATED_AT,
    DELETED_AT,
    FALSE,
    ID,
    INTEGER,
    JSONB,
    TEXT,
    UPDATED_AT,
    UUID,
    Table,
    index,
    literal,
    optional,
    required,
    to,
    varchar,
)

# SDS 5.5
ASSETS = Table(
    "assets",
    columns=(
        ID,
        optional("project_id", UUID, references=to("projects", "SET NULL")),
        required("user_id", UUID, references=to("users", "CASCADE")),
        optional("generation_request_id", UUID, references=to("generation_requests", "SET NULL")),
        required("name", varchar(255)),
        required("type", varchar(20), one_of=("Uploaded", "AIGenerated", "Derived")),
        required("file_path", varchar(1024)),
        required("mime_type", varchar(50)),
        required("format", varchar(10)),
        optional("resolution", varchar(20)),
        required("is_final", BOOLEAN, FALSE),
        optional("metadata", JSONB),
        CREATED_AT,
        UPDATED_AT,
        DELETED_AT,
    ),
    indexes=(
        index("idx_asset_projectid_createdat", "project_id", "created_at"),
        index("idx_asset_userid", "user_id"),
        index("idx_asset_generationrequestid", "generation_request_id"),
        index("idx_asset_type", "type"),
    ),
)

# SDS 5.6
ASSET_VERSIONS = Table(
    "asset_versions",
    columns=(
        ID,
        optional("asset_id", UUID, references=to("assets", "SET NULL")),
        optional("project_id", UUID, references=to("projects", "CASCADE")),
        required("version_number", INTEGER),
        optional("file_path", varchar(1024)),
        optional("state_data", JSONB),
        optional("description", TEXT),
        optional("created_by_user_id", UUID, references=to("users", "SET NULL")),
        CREATED_AT,
    ),
    indexes=(
        index("idx_assetversion_assetid", "asset_id"),
        index("idx_assetversion_projectid", "project_id"),
        index("idx_assetversion_assetid_version", "asset_id", "version_number"),
        index("idx_assetversion_projectid_version", "project_id", "version_number"),
        index("idx_assetversion_createdbyuserid", "created_by_user_id"),  # R8
    ),
)

# SDS 5.7
GENERATION_REQUESTS = Table(
    "generation_requests",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "RESTRICT")),
        optional("project_id", UUID, references=to("projects", "SET NULL")),  # R6
        required("input_prompt", TEXT),
        optional("style_guidance", TEXT),
        optional("input_parameters", JSONB),
        required(
            "status",
            varchar(50),
            literal("Pending"),
            one_of=(
                "Pending",
                "ProcessingSamples",
                "AwaitingSelection",
                "ProcessingFinal",
                "Completed",
                "Failed",
                "Cancelled",
                "ContentRejected",
            ),
        ),
        optional("error_message", TEXT),
        optional("sample_assets", JSONB),
        optional("selected_sample_id", UUID, references=to("assets", "SET NULL")),  # R10
        optional("final_asset_id", UUID, references=to("assets", "SET NULL")),
        optional("credits_cost_sample", AMOUNT),
        optional("credits_cost_final", AMOUNT),
        optional("ai_model_used", varchar(100)),
        optional("processing_time_ms", INTEGER),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(
        index("idx_generationrequest_userid", "user_id"),
        index("idx_generationrequest_projectid", "project_id"),
        index("idx_generationrequest_status_createdat", "status", "created_at"),
        index("idx_generationrequest_selectedsampleid", "selected_sample_id"),  # R8
        index("idx_generationrequest_finalassetid", "final_asset_id"),  # R8
    ),
)
