-- Versions of AI models: source, parameters and status.
-- Model: app/models/ai_model_version_model.py, SDS 5.19
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE ai_model_versions (
    id                    uuid           NOT NULL DEFAULT gen_random_uuid(),
    model_id              uuid           NOT NULL,
    version_number        varchar(50)    NOT NULL,
    source_path           varchar(1024),
    format                varchar(50),
    parameters            jsonb,
    status                varchar(50)    NOT NULL DEFAULT 'Staged',
    validation_result_id  uuid,
    created_by_user_id    uuid,
    release_notes         text,
    created_at            timestamptz    NOT NULL DEFAULT now(),
    updated_at            timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT pk_ai_model_versions PRIMARY KEY (id),
    CONSTRAINT uq_aimodelversion_model_version UNIQUE (model_id, version_number),
    CONSTRAINT ck_ai_model_versions_status CHECK (status::text IN ('Staged', 'Production', 'Deprecated', 'Archived', 'Failed'))
);

CREATE INDEX idx_aimodelversion_createdbyuserid ON ai_model_versions (created_by_user_id);
CREATE INDEX idx_aimodelversion_modelid ON ai_model_versions (model_id);
CREATE INDEX idx_aimodelversion_status ON ai_model_versions (status);
CREATE INDEX idx_aimodelversion_validationresultid ON ai_model_versions (validation_result_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON ai_model_versions
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE ai_model_versions IS
    'Versions of AI models: source, parameters and status.';
COMMENT ON COLUMN ai_model_versions.version_number IS
    'Version as its maker writes it, such as 1.0 or 2023-10-26.';
COMMENT ON COLUMN ai_model_versions.source_path IS
    'Path of the artifacts in MinIO; NULL for an external model.';
COMMENT ON COLUMN ai_model_versions.format IS
    'Packaging, such as ONNX, TensorFlow SavedModel or API.';
COMMENT ON COLUMN ai_model_versions.parameters IS
    'Parameters and configuration of the model.';
COMMENT ON COLUMN ai_model_versions.validation_result_id IS
    'Validation the status rests on.';
COMMENT ON COLUMN ai_model_versions.created_by_user_id IS
    'User who uploaded or made it.';
