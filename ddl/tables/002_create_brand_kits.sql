-- Brand identities: colours, fonts, logos and style of a user or a team.
-- Model: app/models/brand_kit_model.py, SDS 5.2
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE brand_kits (
    id                 uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id            uuid          NOT NULL,
    team_id            uuid,
    name               varchar(100)  NOT NULL,
    colors             jsonb         NOT NULL,
    fonts              jsonb         NOT NULL,
    logos              jsonb,
    style_preferences  jsonb,
    is_default         boolean       NOT NULL DEFAULT false,
    created_at         timestamptz   NOT NULL DEFAULT now(),
    updated_at         timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_brand_kits PRIMARY KEY (id)
);

CREATE INDEX idx_brandkit_colors_gin ON brand_kits USING gin (colors);
CREATE INDEX idx_brandkit_fonts_gin ON brand_kits USING gin (fonts);
CREATE INDEX idx_brandkit_teamid ON brand_kits (team_id);
CREATE INDEX idx_brandkit_userid ON brand_kits (user_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON brand_kits
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE brand_kits IS
    'Brand identities: colours, fonts, logos and style of a user or a team.';
COMMENT ON COLUMN brand_kits.user_id IS
    'Owner; for a team''s kit, the user who made it or the team''s owner.';
COMMENT ON COLUMN brand_kits.team_id IS
    'Team the kit belongs to; NULL for a personal kit.';
COMMENT ON COLUMN brand_kits.colors IS
    'Colours: [{"name": "Primary", "hex": "#FF0000", "variable": "--color-primary"}].';
COMMENT ON COLUMN brand_kits.fonts IS
    'Fonts: [{"name": "Heading", "family": "Arial", "url": "..."}].';
COMMENT ON COLUMN brand_kits.logos IS
    'Logo files in MinIO: [{"name": "Main", "path": "...", "format": "png"}].';
COMMENT ON COLUMN brand_kits.style_preferences IS
    'Preferred style for generations: tone, industry and the like.';
COMMENT ON COLUMN brand_kits.is_default IS
    'Whether this is the owner''s kit of first choice.';
