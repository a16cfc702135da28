"""Subscriptions, credits and usage."""

from tests.schema.documents.notation import (
    AMOUNT,
    BIGINT,
    CREATED_AT,
    ID,
    JSONB,
    NOW,
    TEXT,
    TIMESTAMPTZ,
    UPDATED_AT,
    UUID,
    Table,
    index,
    literal,
    optional,
    required,
    to,
    unique,
    varchar,
)

# SDS 5.10
SUBSCRIPTIONS = Table(
    "subscriptions",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        required("odoo_sale_order_id", varchar(255)),
        required("plan_id", varchar(50)),
        required(
            "status",
            varchar(20),
            literal("Active"),
            one_of=("Active", "Trial", "Suspended", "Cancelled", "Expired"),
        ),
        required("current_period_start", TIMESTAMPTZ),
        required("current_period_end", TIMESTAMPTZ),
        required("payment_provider", varchar(50), one_of=("Stripe", "PayPal", "OdooManual")),
        optional("payment_provider_subscription_id", varchar(255)),
        optional("payment_method_id", varchar(255)),
        CREATED_AT,
        UPDATED_AT,
    ),
    uniques=(
        unique("uq_subscription_user", "user_id"),  # R11
        unique("uq_subscription_odoo_so", "odoo_sale_order_id"),
    ),
    indexes=(
        index("idx_subscription_userid_status", "user_id", "status"),
        index("idx_subscription_currentperiodend", "current_period_end"),
    ),
)

# SDS 5.11
CREDIT_TRANSACTIONS = Table(
    "credit_transactions",
    columns=(
        ID,
        required("user_id", UUID, references=to("users", "CASCADE")),
        optional("odoo_invoice_id", varchar(255)),
        optional("generation_request_id", UUID, references=to("generation_requests", "SET NULL")),
        optional("api_call_id", varchar(255)),
        required("amount", AMOUNT),
        required("action_type", varchar(50)),
        optional("description", TEXT),
        CREATED_AT,
        required("synced_at", TIMESTAMPTZ, NOW),
    ),
    indexes=(
        index("idx_credittransaction_userid_createdat", "user_id", "created_at"),
        index("idx_credittransaction_actiontype", "action_type"),
        index("idx_credittransaction_generationrequestid", "generation_request_id"),
    ),
    partitioned_by="created_at",
)

# SDS 5.12
USAGE_LOGS = Table(
    "usage_logs",
    columns=(
        required("id", BIGINT, "nextval('usage_logs_id_seq'::regclass)"),
        optional("user_id", UUID, references=to("users", "SET NULL")),  # R6
        optional("generation_request_id", UUID, references=to("generation_requests", "SET NULL")),
        optional("api_client_id", UUID, references=to("api_clients", "SET NULL")),
        required("action_type", varchar(100)),
        optional("details", JSONB),
        optional("credits_cost", AMOUNT),
        required("timestamp", TIMESTAMPTZ, NOW),
    ),
    indexes=(
        index("idx_usagelog_userid_timestamp", "user_id", "timestamp"),
        index("idx_usagelog_actiontype", "action_type"),
        index("idx_usagelog_generationrequestid", "generation_request_id"),
        index("idx_usagelog_apiclientid", "api_client_id"),
    ),
    partitioned_by="timestamp",
)
