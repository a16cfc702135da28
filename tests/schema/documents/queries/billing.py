"""Queries on subscriptions, credits and usage."""

from tests.schema.documents.queries.notation import Query

QUERIES = (
    Query(
        "uq_subscription_user",
        "Take over from Odoo the one subscription a user has.",
        "INSERT INTO subscriptions (user_id, odoo_sale_order_id, plan_id, current_period_start,"
        " current_period_end, payment_provider)"
        " VALUES (:user_id, 'S1', 'pro_monthly', '2071-01-01', '2071-02-01', 'OdooManual')"
        " ON CONFLICT (user_id) DO UPDATE SET plan_id = excluded.plan_id",
    ),
    Query(
        "uq_subscription_odoo_so",
        "Find the subscription an Odoo sale order is about.",
        "SELECT * FROM subscriptions WHERE odoo_sale_order_id = 'odoo_sale_order_id 7'",
    ),
    Query(
        "idx_subscription_userid_status",
        "See whether a user's subscription is active, without reading the table.",
        "SELECT status FROM subscriptions WHERE user_id = :user_id AND status = 'Active'",
    ),
    Query(
        "idx_subscription_currentperiodend",
        "Renew the subscriptions whose period ends.",
        "SELECT * FROM subscriptions WHERE current_period_end < '2071-01-03'",
    ),
    Query(
        "idx_credittransaction_userid_createdat",
        "Show a user's latest credit movements.",
        "SELECT * FROM credit_transactions WHERE user_id = :user_id"
        " ORDER BY created_at DESC LIMIT 10",
    ),
    Query(
        "idx_credittransaction_actiontype",
        "List the refunds of a month.",
        "SELECT * FROM credit_transactions WHERE action_type = 'action_type 7'"
        " AND created_at >= '2071-02-01' AND created_at < '2071-03-01'",
    ),
    Query(
        "idx_credittransaction_generationrequestid",
        "Add up what a request has cost.",
        "SELECT sum(amount) FROM credit_transactions"
        " WHERE generation_request_id = :generation_request_id",
    ),
    Query(
        "idx_usagelog_userid_timestamp",
        "Report a user's actions of a month.",
        "SELECT * FROM usage_logs WHERE user_id = :user_id"
        " AND timestamp >= '2071-02-01' AND timestamp < '2071-03-01'",
    ),
    Query(
        "idx_usagelog_actiontype",
        "Count an action.",
        "SELECT count(*) FROM usage_logs WHERE action_type = 'action_type 7'",
    ),
    Query(
        "idx_usagelog_generationrequestid",
        "Trace what was done for a request.",
        "SELECT * FROM usage_logs WHERE generation_request_id = :generation_request_id",
    ),
    Query(
        "idx_usagelog_apiclientid",
        "Report the calls of an API client.",
        "SELECT * FROM usage_logs WHERE api_client_id = :api_client_id",
    ),
)
