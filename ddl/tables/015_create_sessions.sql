-- Authentication sessions of users, web and mobile.
-- Model: app/models/session_model.py, SDS 5.15
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE sessions (
    id             uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id        uuid          NOT NULL,
    device_info    varchar(255)  NOT NULL,
    ip_address     varchar(45)   NOT NULL,
    user_agent     text,
    last_activity  timestamptz   NOT NULL DEFAULT now(),
    expires_at     timestamptz   NOT NULL,
    created_at     timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_sessions PRIMARY KEY (id)
);

CREATE INDEX idx_session_expiresat ON sessions (expires_at);
CREATE INDEX idx_session_lastactivity ON sessions (last_activity);
CREATE INDEX idx_session_userid_expiresat ON sessions (user_id, expires_at);

COMMENT ON TABLE sessions IS
    'Authentication sessions of users, web and mobile.';
COMMENT ON COLUMN sessions.device_info IS
    'Device, as shown to the user [personal data].';
COMMENT ON COLUMN sessions.ip_address IS
    'IPv4 or IPv6 address [personal data].';
COMMENT ON COLUMN sessions.user_agent IS
    'User-Agent header in full [personal data].';
