"""What users set up: brand kits, workbenches, templates, projects."""

import json

from .accounts import Person
from .chance import Chance, text_of
from .rows import Rows
from .words import CATEGORIES, FONTS, PLATFORMS, Words

_TEMPLATES = 80


def add_templates(rows: Rows, chance: Chance, since: float) -> list[str]:
    """Add the platform's own templates; return their ids, those used most first."""
    ids = []
    for number in range(_TEMPLATES):
        ids.append(chance.id())
        category = CATEGORIES[number % len(CATEGORIES)]
        _add_template(
            rows, chance, ids[-1], None, f"{category.title()} {number + 1}", category, since
        )
    return ids


def _add_template(
    rows: Rows, chance: Chance, id_: str, user: str | None, name: str, category: str, at: float
) -> None:
    rows.add(
        "templates",
        *(id_, user, name, f"A {category} to start from.", category),
        f"https://cdn.example.com/templates/{id_}.webp",
        json.dumps({"layers": [{"kind": "text"}, {"kind": "image"}], "width": 1080}),
        json.dumps([category, chance.choice(FONTS)]),
        *("f" if user else "t", text_of(at), text_of(at)),
    )


def add_studio(
    rows: Rows, chance: Chance, words: Words, person: Person, templates: list[str]
) -> None:
    """Add what the user sets up, and note the projects."""
    kits = []
    for number in range(chance.count(0.6 + 0.4 * person.activity)):
        kits.append(chance.id())
        at = text_of(chance.moment(person.joined, person.until))
        rows.add(
            "brand_kits",
            *(kits[-1], person.id, person.team if number else None, chance.choice(words.companies)),
            *(chance.choice(words.colors), json.dumps([{"family": chance.choice(FONTS)}])),
            *(None, '{"tone": "friendly"}', "f" if number else "t", at, at),
        )
    benches = [chance.id() for _ in range(1 + chance.count(0.2 * person.activity))]
    for number, bench in enumerate(benches):
        at = text_of(chance.moment(person.joined, person.until) if number else person.joined)
        kit = kits[0] if kits and chance.often(0.5) else None
        rows.add("workbenches", bench, person.id, f"Workbench {number + 1}", kit, at, at)
    for number in range(chance.count(4 * person.activity)):
        project, began = chance.id(), chance.moment(person.joined, person.until)
        changed = chance.moment(began, person.until)
        category = chance.choice(CATEGORIES)
        together = person.team is not None and chance.often(0.4)
        rows.add(
            "projects",
            *(project, benches[chance.rank(len(benches))], person.id),
            templates[chance.rank(len(templates))] if chance.often(0.4) else None,
            chance.choice(kits) if kits and chance.often(0.5) else None,
            f"{category.title()} for {chance.choice(words.companies)}"[:100],
            PLATFORMS[chance.rank(len(PLATFORMS))],
            '{"clock": 7}' if together else None,
            text_of(changed) if together else None,
            *(text_of(began), text_of(changed)),
            text_of(changed) if chance.often(0.03) else None,
        )
        person.projects.append((project, began))
        if number > 20 and chance.often(0.05):
            _add_template(rows, chance, chance.id(), person.id, "My own", category, changed)
