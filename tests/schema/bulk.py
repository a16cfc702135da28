"""Thousands of rows in every table, for plans that are worth looking at.

Row ``n`` of a table is made from ``n`` alone, so that a query knows what it will find. Foreign keys
are not checked while the rows go in.
"""

from itertools import pairwise

from sqlalchemy import Connection, text

from tests.schema.documents import TABLES
from tests.schema.documents.notation import Column, Table

ROWS = 4000
PARENTS = 200
"""So many rows of a table are referenced, each by ROWS / PARENTS rows of another."""

MONTHS = ("2071-01-01", "2071-02-01", "2071-03-01", "2071-04-01")
"""Bounds of the monthly partitions, in UTC; later rows go to the DEFAULT partition."""


def identifier(table: str, number: str) -> str:
    """Return the SQL expression for the id of row ``number``, an SQL expression, of ``table``."""
    return f"CAST(md5('{table}' || ({number})) AS uuid)"


_MORE_ROWS = dict.fromkeys(("asset_versions", "team_members", "ai_model_versions"), 5 * ROWS)
"""Enough for an index on one column to be the cheaper one of two that begin with it."""

_ONE_HOUR_PER_ROW = "(timestamptz '2071-01-01 00:00+00' + n * interval '1 hour')"
_SPECIAL = {
    # One to one, or unique together with another column.
    "subscriptions.user_id": identifier("users", "n"),
    "ai_model_validation_results.model_version_id": identifier("ai_model_versions", "n"),
    "team_members.team_id": identifier("teams", "n % 50"),
    "team_members.user_id": identifier("users", "1 + n / 10"),
    "social_media_connections.user_id": identifier("users", "1 + n / 6"),
    "users.social_provider": "'google'",
    "users.social_provider_id": "n",
    "asset_versions.asset_id": identifier("assets", "n % 50"),
    "asset_versions.project_id": identifier("projects", "n % 50"),
    "asset_versions.version_number": "n",
    "ai_model_versions.model_id": identifier("ai_models", "n % 50"),
    # Many rows to a value.
    "credit_transactions.action_type": f"'action_type ' || n % {PARENTS}",
    "usage_logs.action_type": f"'action_type ' || n % {PARENTS}",
    "templates.category": f"'category ' || n % {PARENTS}",
    "ai_models.provider": f"'provider ' || n % {PARENTS}",
    # Few rows have the value looked for.
    "users.subscription_tier": "CASE WHEN n % 100 = 0 THEN 'Enterprise' ELSE 'Free' END",
    "users.language_preference": "CASE WHEN n % 100 = 0 THEN 'is-IS' ELSE 'en-US' END",
    "users.deleted_at": f"CASE WHEN n % 50 = 0 THEN {_ONE_HOUR_PER_ROW} END",
    "assets.type": "CASE WHEN n % 100 = 0 THEN 'Derived' ELSE 'Uploaded' END",
    "generation_requests.status": "CASE WHEN n % 20 = 0 THEN 'Pending' ELSE 'Completed' END",
    "ai_models.is_active": "n % 100 = 0",
    "ai_model_versions.status": "CASE WHEN n % 100 = 0 THEN 'Production' ELSE 'Archived' END",
    "ai_model_deployments.status": "CASE WHEN n % 100 = 0 THEN 'Deploying' ELSE 'Active' END",
    "notifications.is_read": "n % 20 <> 7",
}


def fill(connection: Connection) -> None:
    """Put ROWS rows or more into each of the empty tables.

    Plans need statistics: VACUUM ANALYZE after the transaction.
    """
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table in TABLES:
        if table.partitioned_by:
            _create_months(connection, table)
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(_value(table, column) for column in table.columns)
        rows = _MORE_ROWS.get(table.name, ROWS)
        source = f"SELECT {values} FROM generate_series(1, {rows}) AS n"
        connection.execute(text(f"INSERT INTO {table.name} ({columns}) {source}"))


def _create_months(connection: Connection, table: Table) -> None:
    for month, following in pairwise(MONTHS):
        name = f"{table.name}_p{month.replace('-', '')}"
        bounds = f"FROM ('{month} 00:00+00') TO ('{following} 00:00+00')"
        connection.execute(
            text(f"CREATE TABLE {name} PARTITION OF {table.name} FOR VALUES {bounds}")
        )


def _value(table: Table, column: Column) -> str:
    """The SQL expression for the column's value in row ``n``."""
    special = _SPECIAL.get(f"{table.name}.{column.name}")
    if special:
        return special
    if column.references:
        return identifier(column.references.table, f"n % {PARENTS}")
    if column.one_of:
        listed = ", ".join(f"'{value}'" for value in column.one_of)
        return f"(ARRAY[{listed}])[1 + n % {len(column.one_of)}]"
    if column.length:
        return f"left('{column.name} ' || n, {column.length})"
    if column.type.endswith("[]"):
        return "'{}'"
    return {
        "uuid": identifier(table.name, "n"),
        "smallint": "1 + n % 5",
        "integer": "1 + n % 5",
        "bigint": "n",
        "real": "n",
        "double precision": "n",
        "numeric": "n % 100",
        "text": f"'{column.name} ' || n",
        "boolean": "true",
        "jsonb": f"jsonb_build_array(jsonb_build_object('name', '{column.name} ' || n))",
        "date": f"CAST({_ONE_HOUR_PER_ROW} AS date)",
        "timestamp with time zone": _ONE_HOUR_PER_ROW,
        "interval": "n * interval '1 second'",
        "inet": "inet '192.0.2.0' + n",
    }[column.type.partition("(")[0]]
