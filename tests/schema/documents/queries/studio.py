"""Queries on brand kits, workbenches, projects and templates."""

from tests.schema.documents.queries.notation import Query

QUERIES = (
    Query(
        "idx_brandkit_userid",
        "List a user's brand kits.",
        "SELECT * FROM brand_kits WHERE user_id = :user_id",
    ),
    Query(
        "idx_brandkit_teamid",
        "List a team's brand kits.",
        "SELECT * FROM brand_kits WHERE team_id = :team_id",
    ),
    Query(
        "idx_brandkit_colors_gin",
        "Find the brand kits that use a colour.",
        'SELECT id FROM brand_kits WHERE colors @> \'[{"name": "colors 7"}]\'',
    ),
    Query(
        "idx_brandkit_fonts_gin",
        "Find the brand kits that use a font.",
        'SELECT id FROM brand_kits WHERE fonts @> \'[{"name": "fonts 7"}]\'',
    ),
    Query(
        "idx_workbench_userid",
        "List a user's workbenches.",
        "SELECT * FROM workbenches WHERE user_id = :user_id",
    ),
    Query(
        "idx_workbench_defaultbrandkitid",
        "Take a deleted brand kit off the workbenches.",
        "UPDATE workbenches SET default_brand_kit_id = NULL"
        " WHERE default_brand_kit_id = :brand_kit_id",
    ),
    Query(
        "idx_project_workbenchid",
        "List the projects on a workbench.",
        "SELECT * FROM projects WHERE workbench_id = :workbench_id",
    ),
    Query(
        "idx_project_userid",
        "List a user's projects.",
        "SELECT * FROM projects WHERE user_id = :user_id",
    ),
    Query(
        "idx_project_updatedat",
        "Show the projects worked on most recently.",
        "SELECT * FROM projects ORDER BY updated_at DESC LIMIT 20",
    ),
    Query(
        "idx_project_templateid",
        "Take a deleted template off the projects.",
        "UPDATE projects SET template_id = NULL WHERE template_id = :template_id",
    ),
    Query(
        "idx_project_brandkitid",
        "Take a deleted brand kit off the projects.",
        "UPDATE projects SET brand_kit_id = NULL WHERE brand_kit_id = :brand_kit_id",
    ),
    Query(
        "idx_template_category_ispublic",
        "Browse the public templates of a category.",
        "SELECT * FROM templates WHERE category = 'category 7' AND is_public = true",
    ),
    Query(
        "idx_template_userid",
        "List the templates a user saved.",
        "SELECT * FROM templates WHERE user_id = :user_id",
    ),
    Query(
        "idx_template_tags_gin",
        "Search templates by tag.",
        'SELECT * FROM templates WHERE tags @> \'[{"name": "tags 7"}]\'',
    ),
)
