-- AI generation requests: inputs, status and outputs.
-- Model: app/models/generation_request_model.py, SDS 5.7
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE generation_requests (
    id                   uuid           NOT NULL DEFAULT gen_random_uuid(),
    user_id              uuid           NOT NULL,
    project_id           uuid,
    input_prompt         text           NOT NULL,
    style_guidance       text,
    input_parameters     jsonb,
    status               varchar(50)    NOT NULL DEFAULT 'Pending',
    error_message        text,
    sample_assets        jsonb,
    selected_sample_id   uuid,
    final_asset_id       uuid,
    credits_cost_sample  numeric(10,2),
    credits_cost_final   numeric(10,2),
    ai_model_used        varchar(100),
    processing_time_ms   integer,
    created_at           timestamptz    NOT NULL DEFAULT now(),
    updated_at           timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT pk_generation_requests PRIMARY KEY (id),
    CONSTRAINT ck_generation_requests_status CHECK (status::text IN ('Pending', 'ProcessingSamples', 'AwaitingSelection', 'ProcessingFinal', 'Completed', 'Failed', 'Cancelled', 'ContentRejected'))
);

CREATE INDEX idx_generationrequest_finalassetid ON generation_requests (final_asset_id);
CREATE INDEX idx_generationrequest_projectid ON generation_requests (project_id);
CREATE INDEX idx_generationrequest_selectedsampleid ON generation_requests (selected_sample_id);
CREATE INDEX idx_generationrequest_status_createdat ON generation_requests (status, created_at);
CREATE INDEX idx_generationrequest_userid ON generation_requests (user_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON generation_requests
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE generation_requests IS
    'AI generation requests: inputs, status and outputs.';
COMMENT ON COLUMN generation_requests.user_id IS
    'Who asked; a user with requests cannot be deleted, for audit and billing.';
COMMENT ON COLUMN generation_requests.project_id IS
    'Project of the request; NULL once the project is deleted.';
COMMENT ON COLUMN generation_requests.input_prompt IS
    'What the user asked for, in words.';
COMMENT ON COLUMN generation_requests.input_parameters IS
    'Format, resolution hints, references to input assets and the like.';
COMMENT ON COLUMN generation_requests.error_message IS
    'Why the status is Failed or ContentRejected.';
COMMENT ON COLUMN generation_requests.sample_assets IS
    'Samples: [{"id": "<assets.id>", "url": "...", "resolution": "512x512"}].';
COMMENT ON COLUMN generation_requests.selected_sample_id IS
    'Sample chosen for the final generation.';
COMMENT ON COLUMN generation_requests.final_asset_id IS
    'Asset that the request resulted in.';
COMMENT ON COLUMN generation_requests.credits_cost_sample IS
    'Credits charged for the samples.';
COMMENT ON COLUMN generation_requests.credits_cost_final IS
    'Credits charged for the final asset.';
COMMENT ON COLUMN generation_requests.ai_model_used IS
    'Identifier of the AI model or workflow.';
COMMENT ON COLUMN generation_requests.processing_time_ms IS
    'Time the whole generation took, in milliseconds.';
