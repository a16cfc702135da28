-- The whole schema, in the first schema of the search_path, which must be empty.
-- Generated from the models, do not edit: creativeflow-schema reference
-- psql -f ddl/schema.sql
-- Then let migrations carry on from there: alembic stamp head

\set ON_ERROR_STOP on

BEGIN;

DO $guard$
BEGIN
    IF current_setting('server_version_num')::int < 160000 THEN
        RAISE EXCEPTION 'PostgreSQL % is too old: this schema needs 16 or later',
            current_setting('server_version')
            USING HINT = 'Nothing was changed. Upgrade the server, or connect to another.';
    END IF;
END
$guard$;

\ir functions/all_time_partitioned_tables.sql
\ir functions/attach_month.sql
\ir functions/create_month_partition.sql
\ir functions/disable_triggers.sql
\ir functions/ensure_partitions.sql
\ir functions/ensure_tasks.sql
\ir functions/free_archive_name.sql
\ir functions/lock_tables.sql
\ir functions/month_number.sql
\ir functions/months_in_words.sql
\ir functions/months_without_partition.sql
\ir functions/partition_coverage.sql
\ir functions/partition_gaps.sql
\ir functions/partition_report.sql
\ir functions/partitions_of.sql
\ir functions/publication_notes.sql
\ir functions/referenced_table_locks.sql
\ir functions/retirable_partitions.sql
\ir functions/retire_partition.sql
\ir functions/retire_partitions.sql
\ir functions/retire_tasks.sql
\ir functions/run_next_task.sql
\ir functions/set_updated_at.sql
\ir functions/suffixed_name.sql
\ir functions/time_partitioned_tables.sql
\ir functions/time_partitions.sql
\ir functions/utc_month.sql
\ir functions/warn_of_skipped_tables.sql
\ir tables/001_create_users.sql
\ir tables/002_create_brand_kits.sql
\ir tables/003_create_workbenches.sql
\ir tables/004_create_projects.sql
\ir tables/005_create_assets.sql
\ir tables/006_create_asset_versions.sql
\ir tables/007_create_generation_requests.sql
\ir tables/008_create_social_media_connections.sql
\ir tables/009_create_api_clients.sql
\ir tables/010_create_subscriptions.sql
\ir tables/011_create_credit_transactions.sql
\ir tables/012_create_usage_logs.sql
\ir tables/013_create_teams.sql
\ir tables/014_create_team_members.sql
\ir tables/015_create_sessions.sql
\ir tables/016_create_notifications.sql
\ir tables/017_create_templates.sql
\ir tables/018_create_ai_models.sql
\ir tables/019_create_ai_model_versions.sql
\ir tables/020_create_ai_model_validation_results.sql
\ir tables/021_create_ai_model_deployments.sql
\ir tables/022_create_ai_model_feedbacks.sql
\ir constraints/foreign_keys.sql

COMMIT;
