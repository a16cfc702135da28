"""Queries on AI models, their versions, validation, deployments and feedback."""

from tests.schema.documents.queries.notation import Query

QUERIES = (
    Query(
        "uq_aimodel_name",
        "Find a model by its name.",
        "SELECT * FROM ai_models WHERE name = 'name 7'",
    ),
    Query(
        "idx_aimodel_provider_tasktype",
        "Choose among a provider's models for a task.",
        "SELECT * FROM ai_models WHERE provider = 'provider 7' AND task_type = 'StyleTransfer'",
    ),
    Query(
        "idx_aimodel_isactive",
        "List the models in service among many retired ones.",
        "SELECT * FROM ai_models WHERE is_active = true",
    ),
    Query(
        "uq_aimodelversion_model_version",
        "Find one version of a model.",
        "SELECT * FROM ai_model_versions"
        " WHERE model_id = :ai_model_id AND version_number = 'version_number 7'",
    ),
    Query(
        "idx_aimodelversion_modelid",
        "List the versions of a model.",
        "SELECT * FROM ai_model_versions WHERE model_id = :ai_model_id",
    ),
    Query(
        "idx_aimodelversion_status",
        "List the versions in production.",
        "SELECT * FROM ai_model_versions WHERE status = 'Production'",
    ),
    Query(
        "idx_aimodelversion_validationresultid",
        "Take a deleted validation result off its version.",
        "UPDATE ai_model_versions SET validation_result_id = NULL"
        " WHERE validation_result_id = :ai_model_validation_result_id",
    ),
    Query(
        "idx_aimodelversion_createdbyuserid",
        "Keep the versions a deleted user made, without the user.",
        "UPDATE ai_model_versions SET created_by_user_id = NULL"
        " WHERE created_by_user_id = :user_id",
    ),
    Query(
        "uq_aimodelvalidationresult_modelversion",
        "Fetch the validation result of a version.",
        "SELECT * FROM ai_model_validation_results WHERE model_version_id = :ai_model_version_id",
    ),
    Query(
        "idx_aimodelvalidationresult_timestamp",
        "Show the latest validations.",
        "SELECT * FROM ai_model_validation_results ORDER BY validation_timestamp DESC LIMIT 20",
    ),
    Query(
        "idx_aimodelvalidationresult_validatedbyuserid",
        "Keep the results of a deleted user's validations, without the user.",
        "UPDATE ai_model_validation_results SET validated_by_user_id = NULL"
        " WHERE validated_by_user_id = :user_id",
    ),
    Query(
        "idx_aimodeldeployment_versionid_env",
        "See where a version is deployed in an environment.",
        "SELECT * FROM ai_model_deployments"
        " WHERE model_version_id = :ai_model_version_id AND environment = 'production'",
    ),
    Query(
        "idx_aimodeldeployment_status",
        "Watch the deployments under way.",
        "SELECT * FROM ai_model_deployments WHERE status = 'Deploying'",
    ),
    Query(
        "idx_aimodeldeployment_deployedbyuserid",
        "Keep a deleted user's deployments, without the user.",
        "UPDATE ai_model_deployments SET deployed_by_user_id = NULL"
        " WHERE deployed_by_user_id = :user_id",
    ),
    Query(
        "idx_aimodelfeedback_userid",
        "List the feedback a user gave.",
        "SELECT * FROM ai_model_feedbacks WHERE user_id = :user_id",
    ),
    Query(
        "idx_aimodelfeedback_generationrequestid",
        "Show the feedback on a request.",
        "SELECT * FROM ai_model_feedbacks WHERE generation_request_id = :generation_request_id",
    ),
    Query(
        "idx_aimodelfeedback_modelversionid",
        "Rate a version by its feedback.",
        "SELECT avg(rating) FROM ai_model_feedbacks WHERE model_version_id = :ai_model_version_id",
    ),
)
