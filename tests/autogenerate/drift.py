"""Changes made by SQL behind Alembic's back: what was run, and the object that has to be named.

One line of DRIFT is one case: the SQL, and the difference as ``alembic check`` begins to tell it.
"""

DRIFT: list[tuple[str, str]] = [
    # Tables
    ("DROP TABLE sessions", "missing table sessions"),
    ("DROP TABLE usage_logs", "missing table usage_logs"),
    ("CREATE TABLE legacy (id integer)", "unexpected table legacy"),
    (
        "CREATE TABLE events (at date) PARTITION BY RANGE (at)",
        "unexpected table events",
    ),
    ("ALTER TABLE sessions RENAME TO logins", "unexpected table logins"),
    ("ALTER TABLE sessions SET UNLOGGED", "unexpected table property sessions.persistence"),
    (
        "ALTER TABLE users SET (fillfactor = 70)",
        "unexpected storage parameter users.fillfactor",
    ),
    (
        "ALTER TABLE assets SET (autovacuum_vacuum_scale_factor = 0.01)",
        "unexpected storage parameter assets.autovacuum_vacuum_scale_factor",
    ),
    (
        "ALTER TABLE assets SET (toast.autovacuum_enabled = false)",
        "unexpected storage parameter assets.toast.autovacuum_enabled",
    ),
    (
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
        "unexpected table property users.row security",
    ),
    (
        "ALTER TABLE users FORCE ROW LEVEL SECURITY",
        "unexpected table property users.forced row security",
    ),
    (
        "ALTER TABLE users REPLICA IDENTITY FULL",
        "unexpected table property users.replica identity",
    ),
    (
        "ALTER TABLE users REPLICA IDENTITY USING INDEX uq_user_email",
        "unexpected table property users.replica identity",
    ),
    (
        "ALTER TABLE users CLUSTER ON uq_user_email",
        "unexpected table property users.clustered on",
    ),
    (
        "DROP TABLE assets CASCADE; CREATE TABLE assets (id uuid) PARTITION BY HASH (id)",
        "changed table assets",
    ),
    (
        "DROP TABLE usage_logs; CREATE TABLE usage_logs (id bigint, timestamp timestamptz) "
        "PARTITION BY RANGE (id)",
        "changed table usage_logs",
    ),
    ("CREATE TABLE child () INHERITS (teams)", "unexpected table child"),
    ("COMMENT ON TABLE users IS 'People'", "changed table comment users"),
    ("COMMENT ON TABLE users IS NULL", "missing table comment users"),
    # DEFAULT partitions
    ("DROP TABLE usage_logs_default", "missing default partition usage_logs.DEFAULT"),
    (
        "ALTER TABLE notifications DETACH PARTITION notifications_default",
        "missing default partition notifications.DEFAULT",
    ),
    (
        "ALTER TABLE notifications_default RENAME TO notifications_rest",
        "changed default partition notifications.DEFAULT",
    ),
    # Columns
    ("ALTER TABLE users ADD nickname text", "unexpected column users.nickname"),
    ("ALTER TABLE usage_logs ADD source text", "unexpected column usage_logs.source"),
    ("ALTER TABLE users DROP full_name", "missing column users.full_name"),
    ("ALTER TABLE users RENAME full_name TO real_name", "missing column users.full_name"),
    ("ALTER TABLE users ALTER full_name TYPE varchar(50)", "changed column users.full_name"),
    ("ALTER TABLE users ALTER full_name TYPE text", "changed column users.full_name"),
    (
        "ALTER TABLE usage_logs ALTER credits_cost TYPE numeric(12, 4)",
        "changed column usage_logs.credits_cost",
    ),
    (
        "ALTER TABLE users ALTER last_login_at TYPE timestamp",
        "changed column users.last_login_at",
    ),
    (
        "ALTER TABLE users ALTER last_login_at TYPE timestamptz(3)",
        "changed column users.last_login_at",
    ),
    ("ALTER TABLE brand_kits ALTER logos TYPE json", "changed column brand_kits.logos"),
    (
        "ALTER TABLE asset_versions ALTER version_number TYPE bigint",
        "changed column asset_versions.version_number",
    ),
    (
        "ALTER TABLE asset_versions ALTER description TYPE text[] USING ARRAY[description]",
        "changed column asset_versions.description",
    ),
    (
        'ALTER TABLE users ALTER username TYPE varchar(50) COLLATE "C"',
        "changed column users.username",
    ),
    ("ALTER TABLE users ALTER email DROP NOT NULL", "missing not null users.email"),
    ("ALTER TABLE users ALTER full_name SET NOT NULL", "unexpected not null users.full_name"),
    (
        "ALTER TABLE usage_logs ALTER action_type DROP NOT NULL",
        "missing not null usage_logs.action_type",
    ),
    ("ALTER TABLE users ALTER timezone SET DEFAULT 'CET'", "changed default users.timezone"),
    ("ALTER TABLE users ALTER timezone DROP DEFAULT", "missing default users.timezone"),
    ("ALTER TABLE users ALTER full_name SET DEFAULT ''", "unexpected default users.full_name"),
    (
        "ALTER TABLE users ALTER created_at SET DEFAULT clock_timestamp()",
        "changed default users.created_at",
    ),
    (
        "ALTER TABLE users ALTER credit_balance SET DEFAULT 0.0",
        "changed default users.credit_balance",
    ),
    (
        "CREATE SEQUENCE s; ALTER TABLE usage_logs ALTER id SET DEFAULT nextval('s')",
        "changed default usage_logs.id",
    ),
    (
        "ALTER TABLE teams ADD n integer GENERATED ALWAYS AS IDENTITY",
        "unexpected column teams.n",
    ),
    (
        "ALTER TABLE usage_logs ALTER id DROP DEFAULT; "
        "ALTER TABLE asset_versions ALTER version_number ADD GENERATED ALWAYS AS IDENTITY",
        "unexpected identity asset_versions.version_number",
    ),
    (
        "ALTER TABLE users DROP username; ALTER TABLE users ADD username varchar(50) "
        "GENERATED ALWAYS AS (lower(email)) STORED",
        "unexpected generated expression users.username",
    ),
    (
        "ALTER TABLE assets ALTER name SET STORAGE EXTERNAL",
        "unexpected column property assets.name.storage",
    ),
    (
        "ALTER TABLE assets ALTER name SET COMPRESSION pglz",
        "unexpected column property assets.name.compression",
    ),
    (
        "ALTER TABLE assets ALTER name SET STATISTICS 500",
        "unexpected column property assets.name.statistics",
    ),
    (
        "ALTER TABLE assets ALTER name SET (n_distinct = 100)",
        "unexpected column property assets.name.n_distinct",
    ),
    (
        "ALTER TABLE assets ALTER name SET (n_distinct_inherited = 100)",
        "unexpected column property assets.name.n_distinct_inherited",
    ),
    ("COMMENT ON COLUMN users.email IS 'Address'", "changed column comment users.email"),
    ("COMMENT ON COLUMN users.email IS NULL", "missing column comment users.email"),
    ("COMMENT ON COLUMN users.id IS 'Key'", "unexpected column comment users.id"),
    # CHECK constraints
    (
        "ALTER TABLE users DROP CONSTRAINT ck_users_subscription_tier, "
        "ADD CONSTRAINT ck_users_subscription_tier CHECK (subscription_tier IN ('Free', 'Pro'))",
        "changed check constraint users.ck_users_subscription_tier",
    ),
    (
        "ALTER TABLE ai_model_feedbacks DROP CONSTRAINT ck_ai_model_feedbacks_rating, "
        "ADD CONSTRAINT ck_ai_model_feedbacks_rating CHECK (rating BETWEEN 1 AND 10)",
        "changed check constraint ai_model_feedbacks.ck_ai_model_feedbacks_rating",
    ),
    (
        "ALTER TABLE users DROP CONSTRAINT ck_users_social_provider",
        "missing check constraint users.ck_users_social_provider",
    ),
    (
        "ALTER TABLE users ADD CONSTRAINT ck_extra CHECK (credit_balance >= 0)",
        "unexpected check constraint users.ck_extra",
    ),
    (
        "ALTER TABLE usage_logs ADD CONSTRAINT ck_extra CHECK (credits_cost >= 0)",
        "unexpected check constraint usage_logs.ck_extra",
    ),
    (
        "ALTER TABLE assets DROP CONSTRAINT ck_assets_type, ADD CONSTRAINT ck_assets_type "
        "CHECK (type::text IN ('Uploaded', 'AIGenerated', 'Derived')) NOT VALID",
        "changed check constraint assets.ck_assets_type",
    ),
    (
        "ALTER TABLE assets DROP CONSTRAINT ck_assets_type, ADD CONSTRAINT ck_assets_type "
        "CHECK (type::text IN ('Uploaded', 'AIGenerated', 'Derived')) NO INHERIT",
        "changed check constraint assets.ck_assets_type",
    ),
    (
        "ALTER TABLE assets RENAME CONSTRAINT ck_assets_type TO assets_type_check",
        "unexpected check constraint assets.assets_type_check",
    ),
    (
        "COMMENT ON CONSTRAINT ck_assets_type ON assets IS 'Kinds'",
        "unexpected check constraint comment assets.ck_assets_type",
    ),
    # Unique, primary key and exclusion constraints
    (
        "ALTER TABLE users DROP CONSTRAINT uq_user_email",
        "missing unique constraint users.uq_user_email",
    ),
    (
        "ALTER TABLE teams ADD CONSTRAINT uq_team UNIQUE (name)",
        "unexpected unique constraint teams.uq_team",
    ),
    (
        "ALTER TABLE team_members DROP CONSTRAINT uq_teammember_team_user, "
        "ADD CONSTRAINT uq_teammember_team_user UNIQUE (user_id, team_id)",
        "changed unique constraint team_members.uq_teammember_team_user",
    ),
    (
        "ALTER TABLE users DROP CONSTRAINT uq_user_email, "
        "ADD CONSTRAINT uq_user_email UNIQUE (email) DEFERRABLE INITIALLY DEFERRED",
        "changed unique constraint users.uq_user_email",
    ),
    (
        "ALTER TABLE users DROP CONSTRAINT uq_user_username, "
        "ADD CONSTRAINT uq_user_username UNIQUE NULLS NOT DISTINCT (username)",
        "changed unique constraint users.uq_user_username",
    ),
    (
        "ALTER TABLE users DROP CONSTRAINT uq_user_username, "
        "ADD CONSTRAINT uq_user_username UNIQUE (username) INCLUDE (email)",
        "changed unique constraint users.uq_user_username",
    ),
    (
        "ALTER TABLE users DROP CONSTRAINT uq_user_email; "
        "CREATE UNIQUE INDEX uq_user_email ON users (email)",
        "unexpected index users.uq_user_email",
    ),
    (
        "ALTER INDEX uq_user_email SET (fillfactor = 50)",
        "unexpected index parameter users.uq_user_email.fillfactor",
    ),
    (
        "ALTER TABLE sessions DROP CONSTRAINT pk_sessions",
        "missing primary key sessions.pk_sessions",
    ),
    (
        "ALTER TABLE sessions DROP CONSTRAINT pk_sessions, "
        "ADD CONSTRAINT pk_sessions PRIMARY KEY (id, user_id)",
        "changed primary key sessions.pk_sessions",
    ),
    (
        "ALTER TABLE notifications DROP CONSTRAINT pk_notifications; "
        "ALTER TABLE notifications ADD CONSTRAINT pk_notifications PRIMARY KEY (created_at, id)",
        "changed primary key notifications.pk_notifications",
    ),
    (
        "ALTER TABLE sessions RENAME CONSTRAINT pk_sessions TO sessions_pkey",
        "unexpected primary key sessions.sessions_pkey",
    ),
    (
        "ALTER TABLE sessions ADD CONSTRAINT ex_time "
        "EXCLUDE USING gist (tstzrange(created_at, expires_at) WITH &&)",
        "unexpected exclusion constraint sessions.ex_time",
    ),
    # Foreign keys
    (
        "ALTER TABLE teams DROP CONSTRAINT fk_teams_owner_id",
        "missing foreign key teams.fk_teams_owner_id",
    ),
    (
        "ALTER TABLE assets ADD CONSTRAINT fk_extra FOREIGN KEY (id) REFERENCES users (id)",
        "unexpected foreign key assets.fk_extra",
    ),
    (
        "ALTER TABLE teams RENAME CONSTRAINT fk_teams_owner_id TO teams_owner_fkey",
        "unexpected foreign key teams.teams_owner_fkey",
    ),
    (
        "ALTER TABLE workbenches DROP CONSTRAINT fk_workbenches_user_id, ADD CONSTRAINT "
        "fk_workbenches_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT",
        "changed foreign key workbenches.fk_workbenches_user_id",
    ),
    (
        "ALTER TABLE workbenches DROP CONSTRAINT fk_workbenches_user_id, ADD CONSTRAINT "
        "fk_workbenches_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE "
        "NOT VALID",
        "changed foreign key workbenches.fk_workbenches_user_id",
    ),
    (
        "ALTER TABLE workbenches ALTER CONSTRAINT fk_workbenches_user_id "
        "DEFERRABLE INITIALLY DEFERRED",
        "changed foreign key workbenches.fk_workbenches_user_id",
    ),
    (
        "ALTER TABLE usage_logs DROP CONSTRAINT fk_usage_logs_user_id; "
        "ALTER TABLE usage_logs ADD CONSTRAINT fk_usage_logs_user_id "
        "FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE",
        "changed foreign key usage_logs.fk_usage_logs_user_id",
    ),
    (
        "ALTER TABLE assets DROP CONSTRAINT fk_assets_user_id, ADD CONSTRAINT fk_assets_user_id "
        "FOREIGN KEY (user_id) REFERENCES users (id) MATCH FULL ON DELETE CASCADE",
        "changed foreign key assets.fk_assets_user_id",
    ),
    # Indexes
    ("DROP INDEX idx_asset_type", "missing index assets.idx_asset_type"),
    ("DROP INDEX idx_usagelog_actiontype", "missing index usage_logs.idx_usagelog_actiontype"),
    ("CREATE INDEX idx_extra ON users (full_name)", "unexpected index users.idx_extra"),
    (
        "CREATE INDEX idx_extra ON ONLY usage_logs (details)",
        "unexpected index usage_logs.idx_extra",
    ),
    (
        "ALTER INDEX idx_asset_type RENAME TO idx_asset_kind",
        "unexpected index assets.idx_asset_kind",
    ),
    (
        "DROP INDEX idx_asset_type; CREATE INDEX idx_asset_type ON assets (format)",
        "changed index assets.idx_asset_type",
    ),
    (
        "DROP INDEX idx_asset_projectid_createdat; "
        "CREATE INDEX idx_asset_projectid_createdat ON assets (created_at, project_id)",
        "changed index assets.idx_asset_projectid_createdat",
    ),
    (
        "DROP INDEX idx_asset_projectid_createdat; CREATE INDEX idx_asset_projectid_createdat "
        "ON assets (project_id, created_at DESC)",
        "changed index assets.idx_asset_projectid_createdat",
    ),
    (
        "DROP INDEX idx_user_deletedat; CREATE INDEX idx_user_deletedat ON users (deleted_at)",
        "changed index users.idx_user_deletedat",
    ),
    (
        "DROP INDEX idx_notification_userid_isread_unread; "
        "CREATE INDEX idx_notification_userid_isread_unread ON notifications (user_id, is_read) "
        "WHERE is_read",
        "changed index notifications.idx_notification_userid_isread_unread",
    ),
    (
        "DROP INDEX idx_asset_type; CREATE INDEX idx_asset_type ON assets USING hash (type)",
        "changed index assets.idx_asset_type",
    ),
    (
        "DROP INDEX idx_brandkit_colors_gin; CREATE INDEX idx_brandkit_colors_gin ON brand_kits "
        "USING gin (colors jsonb_path_ops)",
        "changed index brand_kits.idx_brandkit_colors_gin",
    ),
    (
        "DROP INDEX idx_asset_type; "
        "CREATE INDEX idx_asset_type ON assets (type varchar_pattern_ops)",
        "changed index assets.idx_asset_type",
    ),
    (
        "DROP INDEX idx_asset_type; CREATE INDEX idx_asset_type ON assets (type) INCLUDE (name)",
        "changed index assets.idx_asset_type",
    ),
    (
        "DROP INDEX idx_asset_type; CREATE UNIQUE INDEX idx_asset_type ON assets (type)",
        "changed index assets.idx_asset_type",
    ),
    (
        "DROP INDEX idx_asset_type; CREATE INDEX idx_asset_type ON assets (lower(type))",
        "changed index assets.idx_asset_type",
    ),
    (
        'DROP INDEX idx_asset_type; CREATE INDEX idx_asset_type ON assets (type COLLATE "C")',
        "changed index assets.idx_asset_type",
    ),
    (
        "ALTER INDEX idx_asset_type SET (fillfactor = 50)",
        "changed index assets.idx_asset_type",
    ),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_asset_type'::regclass",
        "changed index assets.idx_asset_type",
    ),
    (
        "COMMENT ON INDEX idx_asset_type IS 'By type'",
        "unexpected index comment assets.idx_asset_type",
    ),
    (
        "CREATE INDEX idx_extra ON assets (lower(name)); "
        "ALTER INDEX idx_extra ALTER COLUMN 1 SET STATISTICS 500",
        "unexpected index assets.idx_extra",
    ),
    (
        "DROP INDEX idx_brandkit_colors_gin; CREATE INDEX idx_brandkit_colors_gin ON brand_kits "
        "USING gist (to_tsvector('simple', colors::text) tsvector_ops (siglen = 500))",
        "changed index brand_kits.idx_brandkit_colors_gin",
    ),
    (
        "COMMENT ON INDEX uq_user_email IS 'Addresses'",
        "unexpected index property users.uq_user_email.comment",
    ),
    (
        "ALTER TABLE ONLY usage_logs ADD CONSTRAINT uq_extra UNIQUE (id, action_type, timestamp)",
        "unexpected unique constraint usage_logs.uq_extra",
    ),
    (
        "ALTER TABLE notifications DROP CONSTRAINT pk_notifications; ALTER TABLE ONLY "
        "notifications ADD CONSTRAINT pk_notifications PRIMARY KEY (id, created_at)",
        "unexpected index property notifications.pk_notifications.validity",
    ),
    # Triggers and rules
    ("DROP TRIGGER set_updated_at ON users", "missing trigger users.set_updated_at"),
    (
        "ALTER TABLE users DISABLE TRIGGER set_updated_at",
        "unexpected trigger state users.set_updated_at",
    ),
    (
        "ALTER TABLE users ENABLE REPLICA TRIGGER set_updated_at",
        "unexpected trigger state users.set_updated_at",
    ),
    (
        "ALTER TABLE users DISABLE TRIGGER ALL",
        "unexpected foreign key triggers users.all",
    ),
    (
        "ALTER TRIGGER set_updated_at ON users RENAME TO stamp",
        "unexpected trigger users.stamp",
    ),
    (
        "CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE ON users FOR EACH ROW "
        "WHEN (OLD.email <> NEW.email) EXECUTE FUNCTION set_updated_at()",
        "changed trigger users.set_updated_at",
    ),
    (
        "CREATE OR REPLACE TRIGGER set_updated_at AFTER UPDATE ON users FOR EACH ROW "
        "EXECUTE FUNCTION set_updated_at()",
        "changed trigger users.set_updated_at",
    ),
    (
        "CREATE TRIGGER extra BEFORE INSERT ON credit_transactions FOR EACH ROW "
        "EXECUTE FUNCTION set_updated_at()",
        "unexpected trigger credit_transactions.extra",
    ),
    (
        "CREATE RULE quiet AS ON DELETE TO users DO INSTEAD NOTHING",
        "unexpected rule users.quiet",
    ),
    # Functions
    (
        "CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$",
        "changed function set_updated_at()",
    ),
    (
        "ALTER FUNCTION set_updated_at() SECURITY DEFINER",
        "changed function set_updated_at()",
    ),
    (
        "ALTER FUNCTION set_updated_at() SET search_path = pg_temp",
        "changed function set_updated_at()",
    ),
    ("DROP FUNCTION set_updated_at() CASCADE", "missing function set_updated_at()"),
    (
        "COMMENT ON FUNCTION set_updated_at() IS 'Stamps'",
        "changed function comment set_updated_at()",
    ),
    (
        "CREATE FUNCTION extra(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a'",
        "unexpected function extra(a integer)",
    ),
    (
        "CREATE PROCEDURE extra() LANGUAGE plpgsql AS 'BEGIN END'",
        "unexpected procedure extra()",
    ),
    (
        "CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer)",
        "unexpected aggregate total(integer)",
    ),
    (
        "CREATE TYPE money_amount AS (n numeric, unit text); "
        "CREATE FUNCTION extra(money_amount) RETURNS text LANGUAGE sql COST 7 "
        "SUPPORT pg_catalog.textlike_support AS 'SELECT $1.unit'",
        "unexpected function extra(money_amount)",
    ),
    # Sequences
    ("CREATE SEQUENCE extra", "unexpected sequence extra"),
    ("ALTER SEQUENCE usage_logs_id_seq INCREMENT BY 10", "changed sequence usage_logs_id_seq"),
    ("ALTER SEQUENCE usage_logs_id_seq AS integer", "changed sequence usage_logs_id_seq"),
    ("ALTER SEQUENCE usage_logs_id_seq CYCLE", "changed sequence usage_logs_id_seq"),
    (
        "ALTER SEQUENCE usage_logs_id_seq OWNED BY NONE",
        "missing sequence owner usage_logs_id_seq",
    ),
    # Views, policies, types, statistics, others
    ("CREATE VIEW names AS SELECT full_name FROM users", "unexpected view names"),
    (
        "CREATE MATERIALIZED VIEW names AS SELECT full_name FROM users",
        "unexpected materialized view names",
    ),
    (
        "CREATE VIEW names WITH (security_barrier = true) AS SELECT full_name FROM users",
        "unexpected view names",
    ),
    (
        "CREATE POLICY own ON assets USING (user_id IS NOT NULL)",
        "unexpected policy assets.own",
    ),
    ("CREATE TYPE mood AS ENUM ('happy')", "unexpected type mood"),
    ("CREATE TYPE pair AS (a integer, b text)", "unexpected type pair"),
    ("CREATE TYPE span AS RANGE (SUBTYPE = date)", "unexpected type span"),
    ("CREATE TYPE nothing AS ()", "unexpected type nothing"),
    ("CREATE TYPE shell", "unexpected type shell"),
    (
        "CREATE TYPE label; "
        "CREATE FUNCTION label_in(cstring) RETURNS label IMMUTABLE STRICT LANGUAGE internal "
        "AS 'textin'; "
        "CREATE FUNCTION label_out(label) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal "
        "AS 'textout'; "
        "CREATE TYPE label (INPUT = label_in, OUTPUT = label_out, LIKE = text)",
        "unexpected type label",
    ),
    ("CREATE DOMAIN percent AS integer CHECK (VALUE <= 100)", "unexpected domain percent"),
    (
        "CREATE STATISTICS st ON type, format FROM assets",
        "unexpected extended statistics assets.st",
    ),
    (
        "CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)",
        "unexpected operator ===(integer,integer)",
    ),
    (
        "CREATE FUNCTION same(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql "
        "AS 'SELECT $1 = $2'; "
        "CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = same); "
        "CREATE OPERATOR CLASS sameness FOR TYPE integer USING hash AS OPERATOR 1 ===, "
        "FUNCTION 1 hashint4(integer)",
        "unexpected operator class sameness USING hash",
    ),
    ("CREATE OPERATOR FAMILY kin USING btree", "unexpected operator family kin USING btree"),
    (
        "CREATE TYPE pair AS (a integer, b integer); "
        "CREATE FUNCTION sum(pair) RETURNS integer LANGUAGE sql AS 'SELECT $1.a + $1.b'; "
        "CREATE CAST (pair AS integer) WITH FUNCTION sum(pair)",
        "unexpected cast (pair AS integer)",
    ),
    (
        "CREATE TYPE pair AS (a integer, b integer); "
        "CREATE FUNCTION shown(internal) RETURNS internal IMMUTABLE LANGUAGE internal AS 'textin'; "
        "CREATE TRANSFORM FOR pair LANGUAGE plpgsql (FROM SQL WITH FUNCTION shown(internal))",
        "unexpected transform FOR pair LANGUAGE plpgsql",
    ),
    (
        "CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "unexpected conversion latin",
    ),
    (
        "CREATE TEXT SEARCH DICTIONARY stop (TEMPLATE = simple, STOPWORDS = english)",
        "unexpected text search dictionary stop",
    ),
    (
        "CREATE TEXT SEARCH PARSER words (START = prsd_start, GETTOKEN = prsd_nexttoken, "
        "END = prsd_end, LEXTYPES = prsd_lextype)",
        "unexpected text search parser words",
    ),
    (
        "CREATE TEXT SEARCH TEMPLATE plain (LEXIZE = dsimple_lexize)",
        "unexpected text search template plain",
    ),
    (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; "
        "CREATE FOREIGN TABLE elsewhere (a integer) SERVER s",
        "unexpected table elsewhere",
    ),
    ("CREATE COLLATION german (LOCALE = 'C')", "unexpected collation german"),
    (
        "CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple)",
        "unexpected text search configuration plain",
    ),
]
