"""The whole platform, some users at a time: each brings along what is theirs."""

from collections.abc import Iterator
from datetime import datetime

from .accounts import add_account, add_user, make_person
from .chance import Chance, months_before
from .generation import add_generation
from .models_of_ai import add_ai_models
from .rows import Batch, Rows
from .studio import add_studio, add_templates
from .words import make_words

MONTHS = 24
_AT_ONCE = 250
_STAFF = 3


def beginning(now: datetime) -> datetime:
    """Return when the platform began: in the first of ``MONTHS`` months, the last that of now."""
    return months_before(now, MONTHS - 1)


def make_platform(users: int, seed: int, now: datetime) -> Iterator[Batch]:
    """Yield the rows of ``users``, some users at a time, in the order in which they joined."""
    chance, words, rows = Chance(seed), make_words(seed), Rows()
    since, until = beginning(now).timestamp(), now.timestamp()
    people = [make_person(chance, number, since, until) for number in range(users)]
    people.sort(key=lambda person: person.joined)
    ids = [person.id for person in people]
    templates = add_templates(rows, chance, since)
    makers = add_ai_models(rows, chance, ids[:_STAFF], since, until)
    for number, person in enumerate(people):
        add_account(rows, chance, words, person, ids[max(0, number - 1_000) : number], until)
        add_studio(rows, chance, words, person, templates)
        add_generation(rows, chance, words, person, makers)
        add_user(rows, chance, words, person, until)
        if (number + 1) % _AT_ONCE == 0 or number + 1 == users:
            yield rows.take(number + 1)
