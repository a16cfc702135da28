"""AI models: versions, validation, deployment, feedback."""

from tests.schema.documents.notation import (
    BOOLEAN,
    CREATED_AT,
    ID,
    INTEGER,
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
    required,
    to,
    unique,
    varchar,
)

# SDS 5.18
AI_MODELS = Table(
    "ai_models",
    columns=(
        ID,
        required("name", varchar(100)),
        optional("description", TEXT),
        required("provider", varchar(50)),
        required(
            "task_type",
            varchar(50),
            one_of=(
                "ImageGeneration",
                "TextGeneration",
                "ImageTransformation",
                "StyleTransfer",
                "ContentSafety",
            ),
        ),
        required("is_active", BOOLEAN, TRUE),
        CREATED_AT,
        UPDATED_AT,
    ),
    uniques=(unique("uq_aimodel_name", "name"),),
    indexes=(
        index("idx_aimodel_provider_tasktype", "provider", "task_type"),
        index("idx_aimodel_isactive", "is_active"),
    ),
)

# SDS 5.19
AI_MODEL_VERSIONS = Table(
    "ai_model_versions",
    columns=(
        ID,
        required("model_id", UUID, references=to("ai_models", "CASCADE")),
        required("version_number", varchar(50)),
        optional("source_path", varchar(1024)),
        optional("format", varchar(50)),
        optional("parameters", JSONB),
        required(
            "status",
            varchar(50),
            literal("Staged"),
            one_of=("Staged", "Production", "Deprecated", "Archived", "Failed"),
        ),
        optional(
            "validation_result_id", UUID, references=to("ai_model_validation_results", "SET NULL")
        ),
        optional("created_by_user_id", UUID, references=to("users", "SET NULL")),
        optional("release_notes", TEXT),
        CREATED_AT,
        UPDATED_AT,
    ),
    uniques=(unique("uq_aimodelversion_model_version", "model_id", "version_number"),),
    indexes=(
        index("idx_aimodelversion_modelid", "model_id"),
        index("idx_aimodelversion_status", "status"),
        index("idx_aimodelversion_validationresultid", "validation_result_id"),  # R8
        index("idx_aimodelversion_createdbyuserid", "created_by_user_id"),  # R8
    ),
)

# SDS 5.20
AI_MODEL_VALIDATION_RESULTS = Table(
    "ai_model_validation_results",
    columns=(
        ID,
        required("model_version_id", UUID, references=to("ai_model_versions", "CASCADE")),
        required("validation_timestamp", TIMESTAMPTZ, NOW),
        required(
            "security_scan_status", varchar(50), one_of=("Passed", "Failed", "Pending", "Skipped")
        ),
        required(
            "functional_status", varchar(50), one_of=("Passed", "Failed", "Pending", "Skipped")
        ),
        optional("performance_benchmark", JSONB),
        optional("results", JSONB),
        optional("validated_by_user_id", UUID, references=to("users", "SET NULL")),
        CREATED_AT,
    ),
    uniques=(unique("uq_aimodelvalidationresult_modelversion", "model_version_id"),),
    indexes=(
        index("idx_aimodelvalidationresult_timestamp", "validation_timestamp"),
        index("idx_aimodelvalidationresult_validatedbyuserid", "validated_by_user_id"),  # R8
    ),
)

# SDS 5.21
AI_MODEL_DEPLOYMENTS = Table(
    "ai_model_deployments",
    columns=(
        ID,
        required("model_version_id", UUID, references=to("ai_model_versions", "CASCADE")),
        required("environment", varchar(50), one_of=("staging", "production", "testing")),
        required(
            "status",
            varchar(50),
            literal("Initiated"),
            one_of=("Initiated", "Deploying", "Active", "Inactive", "Failed", "RolledBack"),
        ),
        optional("deployment_strategy", varchar(50)),
        optional("endpoint", varchar(255)),
        optional("kubernetes_details", JSONB),
        optional("deployed_by_user_id", UUID, references=to("users", "SET NULL")),
        required("deployment_timestamp", TIMESTAMPTZ, NOW),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(
        index("idx_aimodeldeployment_versionid_env", "model_version_id", "environment"),
        index("idx_aimodeldeployment_status", "status"),
        index("idx_aimodeldeployment_deployedbyuserid", "deployed_by_user_id"),  # R8
    ),
)

# SDS 5.22
AI_MODEL_FEEDBACKS = Table(
    "ai_model_feedbacks",
    columns=(
        ID,
        optional("user_id", UUID, references=to("users", "SET NULL")),  # R6
        optional("generation_request_id", UUID, references=to("generation_requests", "SET NULL")),
        optional("model_version_id", UUID, references=to("ai_model_versions", "SET NULL")),
        optional("rating", INTEGER, check="rating >= 1 AND rating <= 5"),
        optional("comment", TEXT),
        required("feedback_timestamp", TIMESTAMPTZ, NOW),
        optional("details", JSONB),
        CREATED_AT,
    ),
    indexes=(
        index("idx_aimodelfeedback_userid", "user_id"),
        index("idx_aimodelfeedback_generationrequestid", "generation_request_id"),
        index("idx_aimodelfeedback_modelversionid", "model_version_id"),
    ),
)
