-- Messages from the system to users; partitioned by month of created_at.
-- Model: app/models/notification_model.py, SDS 5.16
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE notifications (
    id          uuid         NOT NULL DEFAULT gen_random_uuid(),
    user_id     uuid         NOT NULL,
    type        varchar(50)  NOT NULL,
    message     text         NOT NULL,
    metadata    jsonb,
    is_read     boolean      NOT NULL DEFAULT false,
    created_at  timestamptz  NOT NULL DEFAULT now(),
    updated_at  timestamptz  NOT NULL DEFAULT now(),
    CONSTRAINT pk_notifications PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_notification_userid_isread_createdat ON notifications (user_id, is_read, created_at);
CREATE INDEX idx_notification_userid_isread_unread ON notifications (user_id, is_read) WHERE is_read = false;

CREATE TABLE notifications_default PARTITION OF notifications DEFAULT;

CREATE TRIGGER set_updated_at BEFORE UPDATE ON notifications
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE notifications IS
    'Messages from the system to users; partitioned by month of created_at.';
COMMENT ON COLUMN notifications.type IS
    'Kind: generation_complete, collaboration_invite, billing_alert, system_update and the like.';
COMMENT ON COLUMN notifications.metadata IS
    'Context: links to a project, asset or team, a status and the like.';
COMMENT ON COLUMN notifications.created_at IS
    'When it was sent; the partition key.';
COMMENT ON COLUMN notifications.updated_at IS
    'When the row last changed, as on being read.';
