-- Users' feedback on the outputs of AI models.
-- Model: app/models/ai_model_feedback_model.py, SDS 5.22
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE ai_model_feedbacks (
    id                     uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id                uuid,
    generation_request_id  uuid,
    model_version_id       uuid,
    rating                 integer,
    comment                text,
    feedback_timestamp     timestamptz  NOT NULL DEFAULT now(),
    details                jsonb,
    created_at             timestamptz  NOT NULL DEFAULT now(),
    CONSTRAINT pk_ai_model_feedbacks PRIMARY KEY (id),
    CONSTRAINT ck_ai_model_feedbacks_rating CHECK (rating >= 1 AND rating <= 5)
);

CREATE INDEX idx_aimodelfeedback_generationrequestid ON ai_model_feedbacks (generation_request_id);
CREATE INDEX idx_aimodelfeedback_modelversionid ON ai_model_feedbacks (model_version_id);
CREATE INDEX idx_aimodelfeedback_userid ON ai_model_feedbacks (user_id);

COMMENT ON TABLE ai_model_feedbacks IS
    'Users'' feedback on the outputs of AI models.';
COMMENT ON COLUMN ai_model_feedbacks.user_id IS
    'Who gave it; NULL once the user is deleted.';
COMMENT ON COLUMN ai_model_feedbacks.generation_request_id IS
    'Generation the feedback is about.';
COMMENT ON COLUMN ai_model_feedbacks.model_version_id IS
    'Model version the feedback is about.';
COMMENT ON COLUMN ai_model_feedbacks.rating IS
    'Stars, 1 to 5.';
COMMENT ON COLUMN ai_model_feedbacks.details IS
    'Further structured feedback.';
