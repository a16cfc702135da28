-- Creative projects, which hold assets and generation requests.
-- Model: app/models/project_model.py, SDS 5.4
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE projects (
    id                    uuid          NOT NULL DEFAULT gen_random_uuid(),
    workbench_id          uuid          NOT NULL,
    user_id               uuid          NOT NULL,
    template_id           uuid,
    brand_kit_id          uuid,
    name                  varchar(100)  NOT NULL,
    target_platform       varchar(50),
    collaboration_state   jsonb,
    last_collaborated_at  timestamptz,
    created_at            timestamptz   NOT NULL DEFAULT now(),
    updated_at            timestamptz   NOT NULL DEFAULT now(),
    deleted_at            timestamptz,
    CONSTRAINT pk_projects PRIMARY KEY (id)
);

CREATE INDEX idx_project_brandkitid ON projects (brand_kit_id);
CREATE INDEX idx_project_templateid ON projects (template_id);
CREATE INDEX idx_project_updatedat ON projects (updated_at);
CREATE INDEX idx_project_userid ON projects (user_id);
CREATE INDEX idx_project_workbenchid ON projects (workbench_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON projects
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE projects IS
    'Creative projects, which hold assets and generation requests.';
COMMENT ON COLUMN projects.user_id IS
    'Owner of the workbench, repeated here for fast queries; the application keeps the two the same.';
COMMENT ON COLUMN projects.template_id IS
    'Template the project began from.';
COMMENT ON COLUMN projects.brand_kit_id IS
    'Brand kit used instead of the workbench''s default.';
COMMENT ON COLUMN projects.target_platform IS
    'Platform the project is made for, such as InstagramStory or TikTok.';
COMMENT ON COLUMN projects.collaboration_state IS
    'State of the shared canvas (CRDT).';
COMMENT ON COLUMN projects.last_collaborated_at IS
    'When a collaborative session last changed the canvas.';
COMMENT ON COLUMN projects.deleted_at IS
    'When the row was soft-deleted; NULL while it is live.';
