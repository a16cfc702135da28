"""Where creative work is set up: brand kits, workbenches, projects, templates."""

from tests.schema.documents.notation import (
    BOOLEAN,
    CREATED_AT,
    DELETED_AT,
    FALSE,
    ID,
    JSONB,
    TEXT,
    TIMESTAMPTZ,
    TRUE,
    UPDATED_AT,
    UUID,
    Table,
    gin,
    index,
    optional,
    required,
    to,
    varchar,
)

# SDS 5.2
BRAND_KITS = Table(
    "brand_kits",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        optional("team_id", UUID, references=to("teams", "CASCADE")),
        required("name", varchar(100)),
        required("colors", JSONB),
        required("fonts", JSONB),
        optional("logos", JSONB),
        optional("style_preferences", JSONB),
        required("is_default", BOOLEAN, FALSE),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(
        index("idx_brandkit_userid", "user_id"),
        index("idx_brandkit_teamid", "team_id"),
        gin("idx_brandkit_colors_gin", "colors"),
        gin("idx_brandkit_fonts_gin", "fonts"),
    ),
)

# SDS 5.3
WORKBENCHES = Table(
    "workbenches",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        required("name", varchar(100)),
        optional("default_brand_kit_id", UUID, references=to("brand_kits", "SET NULL", "CASCADE")),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(
        index("idx_workbench_userid", "user_id"),
        index("idx_workbench_defaultbrandkitid", "default_brand_kit_id"),  # R8
    ),
)

# SDS 5.4
PROJECTS = Table(
    "projects",
    columns=(
        ID,
        required("workbench_id", UUID, references=to("workbenches", "CASCADE")),
        required("user_id", UUID, references=to("users", "CASCADE")),
        optional("template_id", UUID, references=to("templates", "SET NULL")),
        optional("brand_kit_id", UUID, references=to("brand_kits", "SET NULL", "CASCADE")),
        required("name", varchar(100)),
        optional("target_platform", varchar(50)),
        optional("collaboration_state", JSONB),
        optional("last_collaborated_at", TIMESTAMPTZ),
        CREATED_AT,
        UPDATED_AT,
        DELETED_AT,
    ),
    indexes=(
        index("idx_project_workbenchid", "workbench_id"),
        index("idx_project_userid", "user_id"),
        index("idx_project_updatedat", "updated_at"),
        index("idx_project_templateid", "template_id"),  # R8
        index("idx_project_brandkitid", "brand_kit_id"),  # R8
    ),
)

# SDS 5.17
TEMPLATES = Table(
    "templates",
    columns=(
        ID,
        optional("user_id", UUID, references=to("users", "SET NULL")),
        required("name", varchar(100)),
        optional("description", TEXT),
        required("category", varchar(50)),
        required("preview_url", varchar(1024)),
        required("source_data", JSONB),
        optional("tags", JSONB),
        required("is_public", BOOLEAN, TRUE),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(
        index("idx_template_category_ispublic", "category", "is_public"),
        index("idx_template_userid", "user_id"),
        gin("idx_template_tags_gin", "tags"),
    ),
)
