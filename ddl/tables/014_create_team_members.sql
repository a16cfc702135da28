-- Memberships: which user is in which team, in which role.
-- Model: app/models/team_member_model.py, SDS 5.14
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE team_members (
    id         uuid         NOT NULL DEFAULT gen_random_uuid(),
    team_id    uuid         NOT NULL,
    user_id    uuid         NOT NULL,
    role       varchar(20)  NOT NULL,
    joined_at  timestamptz  NOT NULL DEFAULT now(),
    CONSTRAINT pk_team_members PRIMARY KEY (id),
    CONSTRAINT uq_teammember_team_user UNIQUE (team_id, user_id),
    CONSTRAINT ck_team_members_role CHECK (role::text IN ('Owner', 'Admin', 'Editor', 'Viewer'))
);

CREATE INDEX idx_teammember_teamid ON team_members (team_id);
CREATE INDEX idx_teammember_userid_role ON team_members (user_id, role);

COMMENT ON TABLE team_members IS
    'Memberships: which user is in which team, in which role.';
