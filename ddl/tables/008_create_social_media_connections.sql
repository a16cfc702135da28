-- Social media accounts that users connected, with their OAuth tokens.
-- Model: app/models/social_media_connection_model.py, SDS 5.8
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE social_media_connections (
    id                uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id           uuid          NOT NULL,
    platform          varchar(20)   NOT NULL,
    external_user_id  varchar(100)  NOT NULL,
    access_token      text          NOT NULL,
    refresh_token     text,
    expires_at        timestamptz,
    created_at        timestamptz   NOT NULL DEFAULT now(),
    updated_at        timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_social_media_connections PRIMARY KEY (id),
    CONSTRAINT uq_socialconnection_user_platform UNIQUE (user_id, platform),
    CONSTRAINT ck_social_media_connections_platform CHECK (platform::text IN ('Instagram', 'Facebook', 'LinkedIn', 'Twitter', 'Pinterest', 'TikTok'))
);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON social_media_connections
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE social_media_connections IS
    'Social media accounts that users connected, with their OAuth tokens.';
COMMENT ON COLUMN social_media_connections.external_user_id IS
    'The user''s identifier on the platform [personal data].';
COMMENT ON COLUMN social_media_connections.access_token IS
    'OAuth access token for the platform''s API [encrypted by the application].';
COMMENT ON COLUMN social_media_connections.refresh_token IS
    'OAuth refresh token [encrypted by the application].';
COMMENT ON COLUMN social_media_connections.expires_at IS
    'When the access token expires.';
