"""The domains the tables belong to, each a colour in the diagrams and a page in the dictionary."""

from dataclasses import dataclass

from ..db.domains import INFO_KEY, Domain
from .incomplete import IncompleteError
from .schema import Model, model, models


@dataclass(frozen=True)
class DomainPage:
    """A domain: its page's title, what it covers, its colours."""

    domain: Domain
    title: str
    covers: str
    colour: str
    tint: str

    @property
    def name(self) -> str:
        """The page's name."""
        return self.domain.value

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose models say that they belong to it, in the documents' order."""
        return tuple(each.name for each in models() if domain_named_by(each) is self.domain)


DOMAINS = (
    DomainPage(
        Domain.ACCOUNTS,
        "Accounts",
        "Who the users are, how they sign in, the teams they form, what reaches them.",
        colour="#1f5f8b",
        tint="#e8f1f8",
    ),
    DomainPage(
        Domain.CREATIVE,
        "Creative workflow",
        "Brand kits, workbenches, projects, templates, assets and their versions.",
        colour="#2f7a4f",
        tint="#e9f5ee",
    ),
    DomainPage(
        Domain.AI,
        "AI",
        "Generation requests, and the models that serve them.",
        colour="#9c4a1a",
        tint="#fbf0e8",
    ),
    DomainPage(
        Domain.BILLING,
        "Usage and billing",
        "Subscriptions, credits and the log of what was done.",
        colour="#8a2a54",
        tint="#f9eaf1",
    ),
)


def domain_named_by(model: Model) -> Domain | None:
    """Return the domain that the model names, None where it names none."""
    named: Domain | None = model.table.info.get(INFO_KEY)
    return named


def domain_of(table: str) -> DomainPage:
    """Return the domain of ``table``.

    Raises:
        IncompleteError: its model names none, or one without a page.
    """
    named = domain_named_by(model(table))
    for page in DOMAINS:
        if page.domain is named:
            return page
    raise IncompleteError(f"The table {table} has no domain, or one without a page.")
