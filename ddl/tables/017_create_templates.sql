-- Starting points for projects: system templates and users' own.
-- Model: app/models/template_model.py, SDS 5.17
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE templates (
    id           uuid           NOT NULL DEFAULT gen_random_uuid(),
    user_id      uuid,
    name         varchar(100)   NOT NULL,
    description  text,
    category     varchar(50)    NOT NULL,
    preview_url  varchar(1024)  NOT NULL,
    source_data  jsonb          NOT NULL,
    tags         jsonb,
    is_public    boolean        NOT NULL DEFAULT true,
    created_at   timestamptz    NOT NULL DEFAULT now(),
    updated_at   timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT pk_templates PRIMARY KEY (id)
);

CREATE INDEX idx_template_category_ispublic ON templates (category, is_public);
CREATE INDEX idx_template_tags_gin ON templates USING gin (tags);
CREATE INDEX idx_template_userid ON templates (user_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON templates
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE templates IS
    'Starting points for projects: system templates and users'' own.';
COMMENT ON COLUMN templates.user_id IS
    'Creator of a private template; NULL for a system template.';
COMMENT ON COLUMN templates.preview_url IS
    'Preview picture: a path in MinIO or an external URL.';
COMMENT ON COLUMN templates.source_data IS
    'Content and layout, as the editor reads them.';
COMMENT ON COLUMN templates.tags IS
    'Search keywords: an array of strings.';
COMMENT ON COLUMN templates.is_public IS
    'True for system templates, false for private ones.';
