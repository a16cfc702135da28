-- The foreign keys, added once all tables exist: some refer to each other.
-- Generated from the models, do not edit: creativeflow-schema reference

ALTER TABLE brand_kits
    ADD CONSTRAINT fk_brand_kits_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_brand_kits_team_id FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE;

ALTER TABLE workbenches
    ADD CONSTRAINT fk_workbenches_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_workbenches_default_brand_kit_id FOREIGN KEY (default_brand_kit_id) REFERENCES brand_kits (id) ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE projects
    ADD CONSTRAINT fk_projects_workbench_id FOREIGN KEY (workbench_id) REFERENCES workbenches (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_projects_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_projects_template_id FOREIGN KEY (template_id) REFERENCES templates (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_projects_brand_kit_id FOREIGN KEY (brand_kit_id) REFERENCES brand_kits (id) ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE assets
    ADD CONSTRAINT fk_assets_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_assets_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_assets_generation_request_id FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id) ON DELETE SET NULL;

ALTER TABLE asset_versions
    ADD CONSTRAINT fk_asset_versions_asset_id FOREIGN KEY (asset_id) REFERENCES assets (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_asset_versions_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_asset_versions_created_by_user_id FOREIGN KEY (created_by_user_id) REFERENCES users (id) ON DELETE SET NULL;

ALTER TABLE generation_requests
    ADD CONSTRAINT fk_generation_requests_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    ADD CONSTRAINT fk_generation_requests_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_generation_requests_selected_sample_id FOREIGN KEY (selected_sample_id) REFERENCES assets (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_generation_requests_final_asset_id FOREIGN KEY (final_asset_id) REFERENCES assets (id) ON DELETE SET NULL;

ALTER TABLE social_media_connections
    ADD CONSTRAINT fk_social_media_connections_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

ALTER TABLE api_clients
    ADD CONSTRAINT fk_api_clients_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

ALTER TABLE subscriptions
    ADD CONSTRAINT fk_subscriptions_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

ALTER TABLE credit_transactions
    ADD CONSTRAINT fk_credit_transactions_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_credit_transactions_generation_request_id FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id) ON DELETE SET NULL;

ALTER TABLE usage_logs
    ADD CONSTRAINT fk_usage_logs_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_usage_logs_generation_request_id FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_usage_logs_api_client_id FOREIGN KEY (api_client_id) REFERENCES api_clients (id) ON DELETE SET NULL;

ALTER TABLE teams
    ADD CONSTRAINT fk_teams_owner_id FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE RESTRICT;

ALTER TABLE team_members
    ADD CONSTRAINT fk_team_members_team_id FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_team_members_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

ALTER TABLE sessions
    ADD CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

ALTER TABLE notifications
    ADD CONSTRAINT fk_notifications_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

ALTER TABLE templates
    ADD CONSTRAINT fk_templates_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL;

ALTER TABLE ai_model_versions
    ADD CONSTRAINT fk_ai_model_versions_model_id FOREIGN KEY (model_id) REFERENCES ai_models (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_ai_model_versions_validation_result_id FOREIGN KEY (validation_result_id) REFERENCES ai_model_validation_results (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_ai_model_versions_created_by_user_id FOREIGN KEY (created_by_user_id) REFERENCES users (id) ON DELETE SET NULL;

ALTER TABLE ai_model_validation_results
    ADD CONSTRAINT fk_ai_model_validation_results_model_version_id FOREIGN KEY (model_version_id) REFERENCES ai_model_versions (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_ai_model_validation_results_validated_by_user_id FOREIGN KEY (validated_by_user_id) REFERENCES users (id) ON DELETE SET NULL;

ALTER TABLE ai_model_deployments
    ADD CONSTRAINT fk_ai_model_deployments_model_version_id FOREIGN KEY (model_version_id) REFERENCES ai_model_versions (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_ai_model_deployments_deployed_by_user_id FOREIGN KEY (deployed_by_user_id) REFERENCES users (id) ON DELETE SET NULL;

ALTER TABLE ai_model_feedbacks
    ADD CONSTRAINT fk_ai_model_feedbacks_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_ai_model_feedbacks_generation_request_id FOREIGN KEY (generation_request_id) REFERENCES generation_requests (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_ai_model_feedbacks_model_version_id FOREIGN KEY (model_version_id) REFERENCES ai_model_versions (id) ON DELETE SET NULL;
