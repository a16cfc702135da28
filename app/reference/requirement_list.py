"""The requirements that the SDS names, with their subjects as the SDS gives them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """Requirements on the same tables: what they are about, and the columns that carry them.

    Without ``columns`` all columns of the tables do.
    """

    ids: tuple[str, ...]
    subject: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class SchemaRequirement:
    """A requirement on the schema as a whole: what meets it, and the tests (paths) that show it."""

    ids: tuple[str, ...]
    subject: str
    met_by: str
    tests: tuple[str, ...]


ON_TABLES = (
    Requirement(
        ("SRS 7.1.1",),
        "User accounts: authentication, profile and preferences",
        ("email", "password_hash", "social_provider", "mfa_secret", "language_preference"),
    ),
    Requirement(
        ("SRS 7.1.2", "UAPM-1-004"),
        "Brand kits of users and teams",
        ("user_id", "team_id", "colors", "fonts", "logos", "style_preferences", "is_default"),
    ),
    Requirement(
        ("UAPM-1-008", "REQ-2-006"),
        "Authentication sessions, web and mobile",
        ("device_info", "ip_address", "user_agent", "last_activity", "expires_at"),
    ),
    Requirement(("REQ-003", "UAPM-1-010"), "Team accounts: teams, members, roles"),
    Requirement(
        ("REQ-4-001",), "Workbenches that organize projects", ("name", "default_brand_kit_id")
    ),
    Requirement(
        ("REQ-4-002",),
        "Creative projects",
        ("workbench_id", "template_id", "brand_kit_id", "collaboration_state"),
    ),
    Requirement(
        ("REQ-4-003", "UI-003", "REQ-WCI-009", "REQ-WCI-010"),
        "System templates and templates that users save",
        ("user_id", "category", "preview_url", "source_data", "tags", "is_public"),
    ),
    Requirement(
        ("REQ-4-004", "REQ-4-005"),
        "Uploaded and AI-generated assets",
        ("type", "file_path", "mime_type", "generation_request_id", "is_final"),
    ),
    Requirement(
        ("REQ-4-006",),
        "Version history of assets and project states",
        ("version_number", "file_path", "state_data"),
    ),
    Requirement(("SRS 7.2.1",), "Assets, their versions, and the requests that generate them"),
    Requirement(
        ("REQ-3-010", "REQ-3-011", "REQ-3-012"),
        "AI generation requests: inputs, status, outputs",
        ("input_prompt", "input_parameters", "status", "sample_assets", "final_asset_id"),
    ),
    Requirement(
        ("SMPIO-007",),
        "Connected social media accounts and their OAuth tokens",
        ("platform", "external_user_id", "access_token", "refresh_token", "expires_at"),
    ),
    Requirement(
        ("REQ-7-002",),
        "API credentials",
        ("api_key", "secret_hash", "permissions", "is_active"),
    ),
    Requirement(
        ("REQ-6-018",),
        "Subscriptions, synced from Odoo",
        ("odoo_sale_order_id", "plan_id", "status", "current_period_end"),
    ),
    Requirement(("SRS 7.3.1",), "Credit transactions and the usage log"),
    Requirement(("INT-007",), "AI models: versions, validation, deployment, feedback"),
    Requirement(
        ("AISIML-008",),
        "Versions of AI models, their source and status",
        ("version_number", "source_path", "format", "parameters", "status"),
    ),
    Requirement(
        ("AISIML-009",),
        "Validation of model versions",
        ("security_scan_status", "functional_status", "performance_benchmark", "results"),
    ),
    Requirement(
        ("AISIML-010",),
        "Deployment of model versions",
        ("environment", "status", "deployment_strategy", "endpoint", "kubernetes_details"),
    ),
    Requirement(("AISIML-012",), "Users' feedback on outputs", ("rating", "comment", "details")),
)

ON_THE_SCHEMA = (
    SchemaRequirement(
        ("NFR-003",),
        "Availability, RTO and RPO",
        "UUID keys that need no central counter; backup, restore and point-in-time recovery "
        "([the DBA's page](dba.md#back-up-and-restore))",
        ("tests/schema/test_tables.py", "tests/docs/test_commands.py"),
    ),
    SchemaRequirement(
        ("NFR-004",),
        "Fault tolerance and replication",
        "A primary key on every table, which logical replication needs; defaults by `now()` and "
        "`gen_random_uuid()`, evaluated once ([read replicas](dba.md#read-replicas))",
        ("tests/schema/test_constraints.py", "tests/schema/test_tables.py"),
    ),
    SchemaRequirement(
        ("NFR-005",),
        "Scalability",
        "An index for each query and foreign key; `credit_transactions`, `usage_logs` and "
        "`notifications` partitioned by month",
        (
            "tests/schema/test_index_use.py",
            "tests/schema/test_indexes.py",
            "tests/schema/test_partitions.py",
        ),
    ),
    SchemaRequirement(
        ("NFR-006",),
        "Data protection and security",
        "Columns classified as personal, secret, hashed or encrypted, soft deletes, and foreign "
        "keys that erase what is a user's own ([personal data](data-dictionary/personal-data.md)); "
        "secrets kept from readers ([roles](dba.md#roles-and-grants))",
        (
            "tests/roles/test_privileges.py",
            "tests/schema/test_comments.py",
            "tests/schema/test_foreign_keys.py",
            "tests/reference/test_personal_data.py",
        ),
    ),
    SchemaRequirement(
        ("DEP-003", "REQ-DA-014", "PMDT-005"),
        "Migrations run automatically in each deployment",
        "`alembic upgrade head` over the revisions in `versions/` ([deploying](deploying.md))",
        ("tests/revisions/test_history.py", "tests/runner/test_offline_script.py"),
    ),
)
