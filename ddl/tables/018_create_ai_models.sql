-- AI models available on the platform, internal and external.
-- Model: app/models/ai_model_model.py, SDS 5.18
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE ai_models (
    id           uuid          NOT NULL DEFAULT gen_random_uuid(),
    name         varchar(100)  NOT NULL,
    description  text,
    provider     varchar(50)   NOT NULL,
    task_type    varchar(50)   NOT NULL,
    is_active    boolean       NOT NULL DEFAULT true,
    created_at   timestamptz   NOT NULL DEFAULT now(),
    updated_at   timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_ai_models PRIMARY KEY (id),
    CONSTRAINT uq_aimodel_name UNIQUE (name),
    CONSTRAINT ck_ai_models_task_type CHECK (task_type::text IN ('ImageGeneration', 'TextGeneration', 'ImageTransformation', 'StyleTransfer', 'ContentSafety'))
);

CREATE INDEX idx_aimodel_isactive ON ai_models (is_active);
CREATE INDEX idx_aimodel_provider_tasktype ON ai_models (provider, task_type);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON ai_models
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE ai_models IS
    'AI models available on the platform, internal and external.';
COMMENT ON COLUMN ai_models.provider IS
    'Who runs it: Internal, OpenAI, StabilityAI and the like.';
