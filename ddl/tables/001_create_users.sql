-- Registered accounts: authentication, profile, preferences and credit.
-- Model: app/models/user_model.py, SDS 5.1
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE users (
    id                        uuid           NOT NULL DEFAULT gen_random_uuid(),
    email                     varchar(255)   NOT NULL,
    password_hash             varchar(255),
    social_provider           varchar(50),
    social_provider_id        varchar(255),
    is_email_verified         boolean        NOT NULL DEFAULT false,
    email_verification_token  varchar(255),
    password_reset_token      varchar(255),
    password_reset_expires    timestamptz,
    full_name                 varchar(100),
    username                  varchar(50),
    profile_picture_url       varchar(1024),
    language_preference       varchar(10)    NOT NULL DEFAULT 'en-US',
    timezone                  varchar(50)    NOT NULL DEFAULT 'UTC',
    mfa_enabled               boolean        NOT NULL DEFAULT false,
    mfa_secret                varchar(255),
    subscription_tier         varchar(20)    NOT NULL DEFAULT 'Free',
    credit_balance            numeric(10,2)  NOT NULL DEFAULT 0.00,
    last_login_at             timestamptz,
    created_at                timestamptz    NOT NULL DEFAULT now(),
    updated_at                timestamptz    NOT NULL DEFAULT now(),
    deleted_at                timestamptz,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_user_email UNIQUE (email),
    CONSTRAINT uq_user_username UNIQUE (username),
    CONSTRAINT ck_users_social_provider CHECK (social_provider::text IN ('google', 'facebook', 'apple')),
    CONSTRAINT ck_users_subscription_tier CHECK (subscription_tier::text IN ('Free', 'Pro', 'Team', 'Enterprise'))
);

CREATE INDEX idx_user_deletedat ON users (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX idx_user_languagepreference ON users (language_preference);
CREATE UNIQUE INDEX idx_user_social_unique ON users (social_provider, social_provider_id) WHERE social_provider IS NOT NULL AND social_provider_id IS NOT NULL;
CREATE INDEX idx_user_subscriptiontier ON users (subscription_tier);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE users IS
    'Registered accounts: authentication, profile, preferences and credit.';
COMMENT ON COLUMN users.email IS
    'Address the user signs in with [personal data].';
COMMENT ON COLUMN users.password_hash IS
    'Password; NULL for sign-in by a social provider only [hashed by the application].';
COMMENT ON COLUMN users.social_provider IS
    'Identity provider the user signed up with, if any.';
COMMENT ON COLUMN users.social_provider_id IS
    'The user''s identifier at the social provider [personal data].';
COMMENT ON COLUMN users.email_verification_token IS
    'Token of the pending e-mail verification [secret].';
COMMENT ON COLUMN users.password_reset_token IS
    'Token of the pending password reset [secret].';
COMMENT ON COLUMN users.password_reset_expires IS
    'When password_reset_token stops being valid.';
COMMENT ON COLUMN users.full_name IS
    'Name as the user wrote it [personal data].';
COMMENT ON COLUMN users.username IS
    'Public handle, unique when set [personal data].';
COMMENT ON COLUMN users.profile_picture_url IS
    'Where the profile picture is served [personal data].';
COMMENT ON COLUMN users.language_preference IS
    'Language tag of the user interface (BCP 47).';
COMMENT ON COLUMN users.timezone IS
    'Time zone name for display (IANA).';
COMMENT ON COLUMN users.mfa_enabled IS
    'Whether sign-in asks for a second factor.';
COMMENT ON COLUMN users.mfa_secret IS
    'Shared secret of the authenticator app (TOTP) [encrypted by the application].';
COMMENT ON COLUMN users.credit_balance IS
    'Credits left; a copy of the balance kept in Odoo.';
COMMENT ON COLUMN users.deleted_at IS
    'When the row was soft-deleted; NULL while it is live.';
