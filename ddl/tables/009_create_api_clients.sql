-- API credentials of developers: public keys and hashed secrets.
-- Model: app/models/api_client_model.py, SDS 5.9
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE api_clients (
    id           uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id      uuid          NOT NULL,
    name         varchar(100)  NOT NULL,
    api_key      varchar(100)  NOT NULL,
    secret_hash  varchar(255)  NOT NULL,
    permissions  jsonb,
    is_active    boolean       NOT NULL DEFAULT true,
    created_at   timestamptz   NOT NULL DEFAULT now(),
    updated_at   timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_api_clients PRIMARY KEY (id),
    CONSTRAINT uq_apiclient_apikey UNIQUE (api_key)
);

CREATE INDEX idx_apiclient_userid ON api_clients (user_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON api_clients
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE api_clients IS
    'API credentials of developers: public keys and hashed secrets.';
COMMENT ON COLUMN api_clients.name IS
    'Name the user gave the key.';
COMMENT ON COLUMN api_clients.api_key IS
    'Public identifier of the key, sent with each call.';
COMMENT ON COLUMN api_clients.secret_hash IS
    'Secret that goes with the key [hashed by the application].';
COMMENT ON COLUMN api_clients.permissions IS
    'What the key may do, in detail.';
