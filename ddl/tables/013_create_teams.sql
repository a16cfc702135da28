-- Groups of users who work together.
-- Model: app/models/team_model.py, SDS 5.13
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE teams (
    id          uuid          NOT NULL DEFAULT gen_random_uuid(),
    name        varchar(100)  NOT NULL,
    owner_id    uuid          NOT NULL,
    created_at  timestamptz   NOT NULL DEFAULT now(),
    updated_at  timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_teams PRIMARY KEY (id)
);

CREATE INDEX idx_team_ownerid ON teams (owner_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON teams
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE teams IS
    'Groups of users who work together.';
COMMENT ON COLUMN teams.owner_id IS
    'Primary owner; a user who owns a team cannot be deleted.';
