-- Containers in which users organize their projects.
-- Model: app/models/workbench_model.py, SDS 5.3
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE workbenches (
    id                    uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id               uuid          NOT NULL,
    name                  varchar(100)  NOT NULL,
    default_brand_kit_id  uuid,
    created_at            timestamptz   NOT NULL DEFAULT now(),
    updated_at            timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_workbenches PRIMARY KEY (id)
);

CREATE INDEX idx_workbench_defaultbrandkitid ON workbenches (default_brand_kit_id);
CREATE INDEX idx_workbench_userid ON workbenches (user_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON workbenches
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE workbenches IS
    'Containers in which users organize their projects.';
COMMENT ON COLUMN workbenches.default_brand_kit_id IS
    'Brand kit that new projects of this workbench start with.';
