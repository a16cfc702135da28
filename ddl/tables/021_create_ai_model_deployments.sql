-- Deployments of AI model versions to environments.
-- Model: app/models/ai_model_deployment_model.py, SDS 5.21
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE ai_model_deployments (
    id                    uuid          NOT NULL DEFAULT gen_random_uuid(),
    model_version_id      uuid          NOT NULL,
    environment           varchar(50)   NOT NULL,
    status                varchar(50)   NOT NULL DEFAULT 'Initiated',
    deployment_strategy   varchar(50),
    endpoint              varchar(255),
    kubernetes_details    jsonb,
    deployed_by_user_id   uuid,
    deployment_timestamp  timestamptz   NOT NULL DEFAULT now(),
    created_at            timestamptz   NOT NULL DEFAULT now(),
    updated_at            timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_ai_model_deployments PRIMARY KEY (id),
    CONSTRAINT ck_ai_model_deployments_environment CHECK (environment::text IN ('staging', 'production', 'testing')),
    CONSTRAINT ck_ai_model_deployments_status CHECK (status::text IN ('Initiated', 'Deploying', 'Active', 'Inactive', 'Failed', 'RolledBack'))
);

CREATE INDEX idx_aimodeldeployment_deployedbyuserid ON ai_model_deployments (deployed_by_user_id);
CREATE INDEX idx_aimodeldeployment_status ON ai_model_deployments (status);
CREATE INDEX idx_aimodeldeployment_versionid_env ON ai_model_deployments (model_version_id, environment);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON ai_model_deployments
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE ai_model_deployments IS
    'Deployments of AI model versions to environments.';
COMMENT ON COLUMN ai_model_deployments.deployment_strategy IS
    'How it is rolled out: blue_green, canary, rolling_update.';
COMMENT ON COLUMN ai_model_deployments.endpoint IS
    'Internal address of the running model.';
COMMENT ON COLUMN ai_model_deployments.kubernetes_details IS
    'Kubernetes deployment, namespace, pod counts and the like.';
COMMENT ON COLUMN ai_model_deployments.deployed_by_user_id IS
    'User or system account that started the deployment.';
