"""Teams and their members."""

from tests.schema.documents.notation import (
    CREATED_AT,
    ID,
    NOW,
    TIMESTAMPTZ,
    UPDATED_AT,
    UUID,
    Table,
    index,
    required,
    to,
    unique,
    varchar,
)

# SDS 5.13
TEAMS = Table(
    "teams",
    columns=(
        ID,
        required("name", varchar(100)),
        required("owner_id", UUID, references=to("users", "RESTRICT")),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(index("idx_team_ownerid", "owner_id"),),
)

# SDS 5.14
TEAM_MEMBERS = Table(
    "team_members",
    columns=(
        ID,
        required("team_id", UUID, references=to("teams", "CASCADE")),
        required("user_id", UUID, references=to("users", "CASCADE")),
        required("role", varchar(20), one_of=("Owner", "Admin", "Editor", "Viewer")),
        required("joined_at", TIMESTAMPTZ, NOW),
    ),
    uniques=(unique("uq_teammember_team_user", "team_id", "user_id"),),
    indexes=(
        index("idx_teammember_userid_role", "user_id", "role"),
        index("idx_teammember_teamid", "team_id"),
    ),
)
