"""The four diagrams (SDS 12): which tables each shows, and how the edges between them end."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column

from ..db.domains import Domain
from .domains import domain_named_by
from .schema import Model, is_one_to_one, models, parent_of

DIRECTORY = Path("docs/diagrams")
# Tables that little but users refers to: left of users they leave its right side to the others.
_SATELLITES = frozenset(
    {"api_clients", "notifications", "sessions", "social_media_connections", "teams"}
)


@dataclass(frozen=True)
class Diagram:
    """A picture of the tables of some ``domains``, and of those ``besides``.

    Of the tables in ``context`` it shows only the keys that matter here. Graphviz gets the tables
    in the ``order`` given, then those that it does not name: it decides how many lines cross.
    """

    name: str
    title: str
    purpose: str
    domains: frozenset[Domain]
    order: tuple[str, ...]
    besides: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    left_of_users: frozenset[str] = frozenset()

    @property
    def models(self) -> list[Model]:
        """The models shown."""
        others = self.besides | self.context
        shown = [m for m in models() if domain_named_by(m) in self.domains or m.name in others]
        last = len(self.order)
        places = {name: place for place, name in enumerate(self.order)}
        return sorted(shown, key=lambda model: places.get(model.name, last))

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables shown."""
        return tuple(model.name for model in self.models)

    def columns_of(self, model: Model) -> list[Column[object]]:
        """Return the columns shown of ``model``: all, or of a table in the context the keys."""
        if model.name not in self.context:
            return model.columns
        ends = {edge.column for edge in self.edges if edge.child == model.name}
        return [c for c in model.columns if c.primary_key or c.name in ends]

    @property
    def edges(self) -> list["Edge"]:
        """The foreign keys between the tables shown."""
        shown = {model.name for model in self.models}
        keys = [key for model in self.models for key in model.foreign_keys]
        return [
            Edge(
                parent=parent_of(key),
                child=key.parent.table.name,
                column=key.parent.name,
                optional_parent=bool(key.parent.nullable),
                one_child=is_one_to_one(key),
            )
            for key in keys
            if parent_of(key) in shown
        ]


@dataclass(frozen=True)
class Edge:
    """A foreign key: a child has exactly one parent, or perhaps none; a parent any, or one."""

    parent: str
    child: str
    column: str
    optional_parent: bool
    one_child: bool


DIAGRAMS = (
    Diagram(
        "creativeflow_ai_erd",
        "CreativeFlow AI: all tables",
        "All tables with all their columns.",
        domains=frozenset(Domain),
        order=(
            "subscriptions",
            "credit_transactions",
            "usage_logs",
            "ai_model_validation_results",
            "ai_models",
            "ai_model_versions",
            "ai_model_feedbacks",
            "ai_model_deployments",
            "generation_requests",
            "team_members",
            "social_media_connections",
            "sessions",
            "api_clients",
            "users",
            "notifications",
            "teams",
            "templates",
            "brand_kits",
            "projects",
            "workbenches",
            "assets",
            "asset_versions",
        ),
        left_of_users=_SATELLITES,
    ),
    Diagram(
        "user_and_authentication",
        "Users, teams and authentication",
        "Who a user is, how a user signs in, and what hangs on an account.",
        domains=frozenset({Domain.ACCOUNTS}),
        besides=frozenset({"subscriptions"}),
        order=(
            "users",
            "teams",
            "notifications",
            "social_media_connections",
            "team_members",
            "sessions",
            "api_clients",
            "subscriptions",
        ),
        left_of_users=_SATELLITES - {"social_media_connections"},
    ),
    Diagram(
        "creative_workflow",
        "Creative workflow",
        "How brand kits, workbenches, projects, templates and assets hang together.",
        domains=frozenset({Domain.CREATIVE}),
        besides=frozenset({"users"}),
        order=(
            "brand_kits",
            "workbenches",
            "projects",
            "templates",
            "assets",
            "asset_versions",
            "generation_requests",
            "teams",
            "team_members",
            "users",
        ),
        context=frozenset({"generation_requests", "teams", "team_members"}),
        left_of_users=frozenset({"teams"}),
    ),
    Diagram(
        "ai_usage_and_billing",
        "AI, usage and billing",
        "What AI generation and its models leave behind, and what it costs.",
        domains=frozenset({Domain.AI, Domain.BILLING}),
        besides=frozenset({"users"}),
        order=(
            "projects",
            "assets",
            "users",
            "api_clients",
            "usage_logs",
            "subscriptions",
            "credit_transactions",
            "ai_models",
            "ai_model_feedbacks",
            "ai_model_versions",
            "ai_model_deployments",
            "ai_model_validation_results",
            "generation_requests",
        ),
        context=frozenset({"api_clients", "assets", "projects"}),
        left_of_users=frozenset({"api_clients"}),
    ),
)
