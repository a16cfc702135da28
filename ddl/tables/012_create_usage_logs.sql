-- Log of billable and trackable actions; partitioned by month of timestamp.
-- Model: app/models/usage_log_model.py, SDS 5.12
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE usage_logs (
    id                     bigserial      NOT NULL,
    user_id                uuid,
    generation_request_id  uuid,
    api_client_id          uuid,
    action_type            varchar(100)   NOT NULL,
    details                jsonb,
    credits_cost           numeric(10,2),
    timestamp              timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT pk_usage_logs PRIMARY KEY (id, timestamp)
) PARTITION BY RANGE (timestamp);

CREATE INDEX idx_usagelog_actiontype ON usage_logs (action_type);
CREATE INDEX idx_usagelog_apiclientid ON usage_logs (api_client_id);
CREATE INDEX idx_usagelog_generationrequestid ON usage_logs (generation_request_id);
CREATE INDEX idx_usagelog_userid_timestamp ON usage_logs (user_id, timestamp);

CREATE TABLE usage_logs_default PARTITION OF usage_logs DEFAULT;

COMMENT ON TABLE usage_logs IS
    'Log of billable and trackable actions; partitioned by month of timestamp.';
COMMENT ON COLUMN usage_logs.user_id IS
    'Who acted; NULL once the user is deleted.';
COMMENT ON COLUMN usage_logs.generation_request_id IS
    'Generation the action belongs to.';
COMMENT ON COLUMN usage_logs.api_client_id IS
    'API client, if the action came through the API.';
COMMENT ON COLUMN usage_logs.action_type IS
    'What was done: sample_generation_initiated, asset_exported, api_call_success, login_success and the like.';
COMMENT ON COLUMN usage_logs.details IS
    'Context of the action: format, resolution, endpoint, duration and the like.';
COMMENT ON COLUMN usage_logs.credits_cost IS
    'Credits this step consumed.';
COMMENT ON COLUMN usage_logs.timestamp IS
    'When it was done; the partition key.';
