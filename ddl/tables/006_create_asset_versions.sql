-- Version history of assets and of project states.
-- Model: app/models/asset_version_model.py, SDS 5.6
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE asset_versions (
    id                  uuid           NOT NULL DEFAULT gen_random_uuid(),
    asset_id            uuid,
    project_id          uuid,
    version_number      integer        NOT NULL,
    file_path           varchar(1024),
    state_data          jsonb,
    description         text,
    created_by_user_id  uuid,
    created_at          timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT pk_asset_versions PRIMARY KEY (id)
);

CREATE INDEX idx_assetversion_assetid ON asset_versions (asset_id);
CREATE INDEX idx_assetversion_assetid_version ON asset_versions (asset_id, version_number);
CREATE INDEX idx_assetversion_createdbyuserid ON asset_versions (created_by_user_id);
CREATE INDEX idx_assetversion_projectid ON asset_versions (project_id);
CREATE INDEX idx_assetversion_projectid_version ON asset_versions (project_id, version_number);

COMMENT ON TABLE asset_versions IS
    'Version history of assets and of project states.';
COMMENT ON COLUMN asset_versions.asset_id IS
    'Asset this is a version of.';
COMMENT ON COLUMN asset_versions.project_id IS
    'Project this is a version of, or in which the asset was versioned.';
COMMENT ON COLUMN asset_versions.file_path IS
    'Path in MinIO, if the version saves a file.';
COMMENT ON COLUMN asset_versions.state_data IS
    'State of the canvas (CRDT or JSON), if the version saves one.';
COMMENT ON COLUMN asset_versions.created_by_user_id IS
    'User who saved the version.';
