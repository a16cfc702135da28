"""The words of the rows: people, companies, prompts. Made once by faker, drawn from often."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic.util import CommandError

if TYPE_CHECKING:
    from faker import Faker

_POOL = 400
CATEGORIES = ("social post", "poster", "banner", "story", "logo", "advert", "newsletter")
PLATFORMS = ("Instagram", "Facebook", "LinkedIn", "Pinterest", "TikTok", "web", "print")
LANGUAGES = (
    ("en-US", "America/New_York"),
    ("en-GB", "Europe/London"),
    ("de-DE", "Europe/Berlin"),
    ("fr-FR", "Europe/Paris"),
    ("es-ES", "Europe/Madrid"),
    ("ja-JP", "Asia/Tokyo"),
)
FONTS = ("Inter", "Lora", "Roboto", "Playfair Display", "Source Sans 3", "Merriweather")


@dataclass(frozen=True)
class Words:
    """Texts to draw from; those in front are drawn more often where chance has ranks."""

    names: list[tuple[str, str]]
    companies: list[str]
    sentences: list[str]
    agents: list[str]
    colors: list[str]
    devices: list[str]


def make_words(seed: int) -> Words:
    """Return the words, the same for the same ``seed``.

    Raises:
        CommandError: faker is not installed.
    """
    fake = _faker()
    fake.seed_instance(seed)

    def plain(text: str) -> str:
        return text.replace("\\", "").replace("\t", " ").replace("\n", " ").replace('"', "")

    return Words(
        names=[(fake.first_name(), fake.last_name()) for _ in range(_POOL)],
        companies=[plain(fake.company())[:60] for _ in range(_POOL)],
        sentences=[plain(fake.sentence(12)) for _ in range(_POOL)],
        agents=[plain(fake.user_agent()) for _ in range(200)],
        colors=[
            json.dumps([{"name": fake.color_name(), "hex": fake.hex_color()} for _ in range(4)])
            for _ in range(_POOL)
        ],
        devices=[f"{fake.random_element(('iPhone', 'Pixel', 'MacBook', 'ThinkPad'))}, "
                 f"{fake.city()}" for _ in range(200)],
    )  # fmt: skip


def _faker() -> "Faker":
    try:
        from faker import Faker
    except ModuleNotFoundError as error:
        raise CommandError(
            "What makes names and texts is not installed.\n"
            "Nothing was changed. Install it: pip install faker"
        ) from error
    return Faker("en_US")
