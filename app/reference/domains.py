"""The domains the tables belong to, each a colour in the diagrams and a page in the dictionary."""

from dataclasses import dataclass

from .incomplete import IncompleteError


@dataclass(frozen=True)
class Domain:
    """A group of tables: its page's name, its title, what it covers, its colours, its tables."""

    name: str
    title: str
    covers: str
    colour: str
    tint: str
    tables: tuple[str, ...]


DOMAINS = (
    Domain(
        "accounts",
        "Accounts",
        "Who the users are, how they sign in, the teams they form, what reaches them.",
        colour="#1f5f8b",
        tint="#e8f1f8",
        tables=(
            "users",
            "teams",
            "team_members",
            "sessions",
            "social_media_connections",
            "api_clients",
            "notifications",
        ),
    ),
    Domain(
        "creative",
        "Creative workflow",
        "Brand kits, workbenches, projects, templates, assets and their versions.",
        colour="#2f7a4f",
        tint="#e9f5ee",
        tables=(
            "brand_kits",
            "workbenches",
            "projects",
            "templates",
            "assets",
            "asset_versions",
        ),
    ),
    Domain(
        "ai",
        "AI",
        "Generation requests, and the models that serve them.",
        colour="#9c4a1a",
        tint="#fbf0e8",
        tables=(
            "generation_requests",
            "ai_models",
            "ai_model_versions",
            "ai_model_validation_results",
            "ai_model_deployments",
            "ai_model_feedbacks",
        ),
    ),
    Domain(
        "billing",
        "Usage and billing",
        "Subscriptions, credits and the log of what was done.",
        colour="#8a2a54",
        tint="#f9eaf1",
        tables=("subscriptions", "credit_transactions", "usage_logs"),
    ),
)


def domain_of(table: str) -> Domain:
    """Return the domain of ``table``.

    Raises:
        IncompleteError: it has none.
    """
    for domain in DOMAINS:
        if table in domain.tables:
            return domain
    raise IncompleteError(f"The table {table} has no domain: add it in app/reference/domains.py.")
