"""Users: how they sign in, their teams, plans and keys."""

from dataclasses import dataclass, field

from ..models import SocialPlatform, SocialProvider, SubscriptionTier, TeamRole
from .chance import DAY, Chance, text_of
from .rows import Rows
from .words import LANGUAGES, Words

_PLANS = {SubscriptionTier.PRO: 19, SubscriptionTier.TEAM: 49, SubscriptionTier.ENTERPRISE: 299}


@dataclass
class Person:
    """A user whose rows are being made."""

    id: str
    number: int
    tier: SubscriptionTier
    activity: float
    joined: float
    until: float
    team: str | None = None
    api_client: str | None = None
    balance: int = 0  # in cents
    projects: list[tuple[str, float]] = field(default_factory=list)


def make_person(chance: Chance, number: int, since: float, until: float) -> Person:
    """Return the ``number``-th user, who joined between the two moments."""
    joined = chance.moment(since, until)
    tier = chance.choices(list(SubscriptionTier), (78, 15, 5, 2))[0]
    # Some leave again.
    left = chance.moment(joined, until) if chance.often(0.3) else until
    return Person(chance.id(), number, tier, chance.activity(), joined, left)


def add_user(rows: Rows, chance: Chance, words: Words, person: Person, now: float) -> None:
    """Add the user's own row, last of all: the balance is that of the transactions."""
    first, last = words.names[chance.rank(len(words.names))]
    if chance.often(0.5):
        _, last = chance.choice(words.names)
    handle = f"{first}.{last}.{person.number}".lower().replace(" ", "")
    language, zone = LANGUAGES[chance.rank(len(LANGUAGES))]
    provider = chance.choice(list(SocialProvider)) if chance.often(0.35) else None
    mfa = chance.often(0.1)
    deleted = person.until < now and chance.often(0.1)
    rows.add(
        "users",
        *(person.id, f"{handle}@example.com"),
        None if provider else f"$argon2id$v=19$m=65536,t=3,p=4${chance.digits(64)}",
        *(provider, chance.digits(20) if provider else None),
        *("t" if chance.often(0.9) else "f", f"{first} {last}"),
        handle[:50] if chance.often(0.7) else None,
        f"https://cdn.example.com/avatars/{person.id}.webp" if chance.often(0.4) else None,
        *(language, zone, "t" if mfa else "f", f"enc:{chance.digits(64)}" if mfa else None),
        *(person.tier, f"{person.balance / 100:.2f}", text_of(person.until)),
        *(text_of(person.joined), text_of(person.until)),
        text_of(person.until) if deleted else None,
    )


def add_account(
    rows: Rows, chance: Chance, words: Words, person: Person, others: list[str], now: float
) -> None:
    """Add what hangs on the account; ``others`` are the ids of users that joined before."""
    _add_team(rows, chance, words, person, others)
    for _ in range(chance.count(1.5)):
        began = chance.moment(person.joined, person.until)
        rows.add(
            "sessions",
            *(chance.id(), person.id, chance.choice(words.devices)),
            *(f"198.51.100.{chance.randrange(256)}", chance.choice(words.agents)),
            *(text_of(min(began + DAY, now)), text_of(began + 30 * DAY), text_of(began)),
        )
    for platform in chance.sample(list(SocialPlatform), chance.count(0.5)):
        at = text_of(chance.moment(person.joined, person.until))
        rows.add(
            "social_media_connections",
            *(chance.id(), person.id, platform, chance.digits(12)),
            *(f"enc:{chance.digits(64)}", f"enc:{chance.digits(64)}"),
            *(text_of(now + 60 * DAY), at, at),
        )
    if chance.often(0.08):
        person.api_client = chance.id()
        at = text_of(chance.moment(person.joined, person.until))
        rows.add(
            "api_clients",
            *(person.api_client, person.id, "Production", f"cf_live_{chance.digits(32)}"),
            *(chance.digits(64), '{"scopes": ["generate", "read"]}', "t", at, at),
        )
    if person.tier in _PLANS:
        _add_subscription(rows, chance, person, now)


def _add_team(rows: Rows, chance: Chance, words: Words, person: Person, others: list[str]) -> None:
    if not chance.often(0.5 if person.tier is SubscriptionTier.TEAM else 0.03):
        return
    person.team = chance.id()
    at = text_of(person.joined)
    rows.add("teams", person.team, chance.choice(words.companies), person.id, at, at)
    rows.add("team_members", chance.id(), person.team, person.id, TeamRole.OWNER, at)
    roles = [role for role in TeamRole if role is not TeamRole.OWNER]
    for other in chance.sample(others, min(len(others), chance.count(5 * chance.activity()))):
        joined = text_of(chance.moment(person.joined, person.until))
        rows.add("team_members", chance.id(), person.team, other, chance.choice(roles), joined)


def _add_subscription(rows: Rows, chance: Chance, person: Person, now: float) -> None:
    ended = person.until < now
    start = max(person.joined, person.until - 30 * DAY)
    provider = chance.choices(("Stripe", "PayPal", "OdooManual"), (80, 15, 5))[0]
    rows.add(
        "subscriptions",
        *(chance.id(), person.id, f"SO{person.number:08d}", f"{person.tier.lower()}-monthly"),
        chance.choice(("Cancelled", "Expired")) if ended else "Active",
        *(text_of(start), text_of(start + 30 * DAY), provider),
        f"sub_{chance.digits(24)}" if provider != "OdooManual" else None,
        f"pm_{chance.digits(24)}" if provider == "Stripe" else None,
        *(text_of(person.joined), text_of(start)),
    )
    month = person.joined
    while month < person.until:
        person.balance += 10_000
        rows.add(
            "credit_transactions",
            *(chance.id(), person.id, f"INV{chance.digits(10)}", None, None, "100.00"),
            *("purchase", f"Credits of the {person.tier} plan", text_of(month), text_of(month)),
        )
        month += 30 * DAY
