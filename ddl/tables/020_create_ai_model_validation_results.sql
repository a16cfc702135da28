-- Results of validating AI model versions, one per version.
-- Model: app/models/ai_model_validation_result_model.py, SDS 5.20
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE ai_model_validation_results (
    id                     uuid         NOT NULL DEFAULT gen_random_uuid(),
    model_version_id       uuid         NOT NULL,
    validation_timestamp   timestamptz  NOT NULL DEFAULT now(),
    security_scan_status   varchar(50)  NOT NULL,
    functional_status      varchar(50)  NOT NULL,
    performance_benchmark  jsonb,
    results                jsonb,
    validated_by_user_id   uuid,
    created_at             timestamptz  NOT NULL DEFAULT now(),
    CONSTRAINT pk_ai_model_validation_results PRIMARY KEY (id),
    CONSTRAINT uq_aimodelvalidationresult_modelversion UNIQUE (model_version_id),
    CONSTRAINT ck_ai_model_validation_results_security_scan_status CHECK (security_scan_status::text IN ('Passed', 'Failed', 'Pending', 'Skipped')),
    CONSTRAINT ck_ai_model_validation_results_functional_status CHECK (functional_status::text IN ('Passed', 'Failed', 'Pending', 'Skipped'))
);

CREATE INDEX idx_aimodelvalidationresult_timestamp ON ai_model_validation_results (validation_timestamp);
CREATE INDEX idx_aimodelvalidationresult_validatedbyuserid ON ai_model_validation_results (validated_by_user_id);

COMMENT ON TABLE ai_model_validation_results IS
    'Results of validating AI model versions, one per version.';
COMMENT ON COLUMN ai_model_validation_results.performance_benchmark IS
    'Benchmark figures: latency, throughput, quality.';
COMMENT ON COLUMN ai_model_validation_results.results IS
    'Full log of the validation tools.';
COMMENT ON COLUMN ai_model_validation_results.validated_by_user_id IS
    'User or system account that started the validation.';
