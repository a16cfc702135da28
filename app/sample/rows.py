"""Rows on their way to COPY: those of each table as text, in the order in which keys allow them."""

from dataclasses import dataclass

# Parents before their children. What closes a circle of keys is told at the end: links.py.
COLUMNS: dict[str, tuple[str, ...]] = {
    "users": (
        *("id", "email", "password_hash", "social_provider", "social_provider_id"),
        *("is_email_verified", "full_name", "username", "profile_picture_url"),
        *("language_preference", "timezone", "mfa_enabled", "mfa_secret", "subscription_tier"),
        *("credit_balance", "last_login_at", "created_at", "updated_at", "deleted_at"),
    ),
    "teams": ("id", "name", "owner_id", "created_at", "updated_at"),
    "team_members": ("id", "team_id", "user_id", "role", "joined_at"),
    "sessions": (
        *("id", "user_id", "device_info", "ip_address", "user_agent", "last_activity"),
        *("expires_at", "created_at"),
    ),
    "social_media_connections": (
        *("id", "user_id", "platform", "external_user_id", "access_token", "refresh_token"),
        *("expires_at", "created_at", "updated_at"),
    ),
    "api_clients": (
        *("id", "user_id", "name", "api_key", "secret_hash", "permissions", "is_active"),
        *("created_at", "updated_at"),
    ),
    "subscriptions": (
        *("id", "user_id", "odoo_sale_order_id", "plan_id", "status", "current_period_start"),
        *("current_period_end", "payment_provider", "payment_provider_subscription_id"),
        *("payment_method_id", "created_at", "updated_at"),
    ),
    "brand_kits": (
        *("id", "user_id", "team_id", "name", "colors", "fonts", "logos", "style_preferences"),
        *("is_default", "created_at", "updated_at"),
    ),
    "workbenches": ("id", "user_id", "name", "default_brand_kit_id", "created_at", "updated_at"),
    "templates": (
        *("id", "user_id", "name", "description", "category", "preview_url", "source_data"),
        *("tags", "is_public", "created_at", "updated_at"),
    ),
    "projects": (
        *("id", "workbench_id", "user_id", "template_id", "brand_kit_id", "name"),
        *("target_platform", "collaboration_state", "last_collaborated_at"),
        *("created_at", "updated_at", "deleted_at"),
    ),
    "ai_models": (
        *("id", "name", "description", "provider", "task_type", "is_active"),
        *("created_at", "updated_at"),
    ),
    "ai_model_versions": (
        *("id", "model_id", "version_number", "source_path", "format", "parameters", "status"),
        *("created_by_user_id", "release_notes", "created_at", "updated_at"),
    ),
    "ai_model_validation_results": (
        *("id", "model_version_id", "validation_timestamp", "security_scan_status"),
        *("functional_status", "performance_benchmark", "results", "validated_by_user_id"),
        "created_at",
    ),
    "ai_model_deployments": (
        *("id", "model_version_id", "environment", "status", "deployment_strategy", "endpoint"),
        *("kubernetes_details", "deployed_by_user_id", "deployment_timestamp"),
        *("created_at", "updated_at"),
    ),
    "generation_requests": (
        *("id", "user_id", "project_id", "input_prompt", "style_guidance", "input_parameters"),
        *("status", "error_message", "credits_cost_sample", "credits_cost_final"),
        *("ai_model_used", "processing_time_ms", "created_at", "updated_at"),
    ),
    "assets": (
        *("id", "project_id", "user_id", "generation_request_id", "name", "type", "file_path"),
        *("mime_type", "format", "resolution", "is_final", "metadata"),
        *("created_at", "updated_at", "deleted_at"),
    ),
    "asset_versions": (
        *("id", "asset_id", "project_id", "version_number", "file_path", "state_data"),
        *("description", "created_by_user_id", "created_at"),
    ),
    "credit_transactions": (
        *("id", "user_id", "odoo_invoice_id", "generation_request_id", "api_call_id", "amount"),
        *("action_type", "description", "created_at", "synced_at"),
    ),
    "usage_logs": (
        *("user_id", "generation_request_id", "api_client_id", "action_type", "details"),
        *("credits_cost", "timestamp"),
    ),
    "notifications": (
        *("id", "user_id", "type", "message", "metadata", "is_read", "created_at", "updated_at"),
    ),
    "ai_model_feedbacks": (
        *("id", "user_id", "generation_request_id", "model_version_id", "rating", "comment"),
        *("feedback_timestamp", "details", "created_at"),
    ),
    # Temporary tables: what becomes of rows once both ends of a circle are there.
    "sample_choices": ("request", "selected", "final"),
    "sample_validations": ("version", "result"),
}
TABLES = [table for table in COLUMNS if not table.startswith("sample_")]


@dataclass(frozen=True)
class Batch:
    """Rows that came together: how many users there are with them, and each table's text."""

    users: int
    rows: int
    texts: list[tuple[str, str]]


class Rows:
    """Rows of all tables, as the lines that COPY reads; no value has a backslash or a tab."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {table: [] for table in COLUMNS}

    def add(self, table: str, *values: object) -> None:
        """Add a row: a value for each of the table's columns."""
        self._lines[table].append(
            "\t".join(["\\N" if value is None else str(value) for value in values])
        )

    def take(self, users: int) -> Batch:
        """Return all rows, with which there are so many ``users``, and forget them."""
        found = [(table, lines) for table, lines in self._lines.items() if lines]
        batch = Batch(
            users,
            sum(len(lines) for table, lines in found if table in TABLES),
            [(table, "\n".join([*lines, ""])) for table, lines in found],
        )
        for _, lines in found:
            lines.clear()
        return batch
