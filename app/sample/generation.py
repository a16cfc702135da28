"""What is generated: requests, assets and their versions, credits, usage, feedback, news."""

import json
from dataclasses import dataclass

from ..models import AssetType, GenerationRequestStatus
from .accounts import Person
from .chance import DAY, Chance, text_of
from .rows import Rows
from .words import Words

_STATUS = GenerationRequestStatus
_OUTCOMES = {
    _STATUS.COMPLETED: 80,
    _STATUS.FAILED: 6,
    _STATUS.CANCELLED: 5,
    _STATUS.CONTENT_REJECTED: 3,
    _STATUS.AWAITING_SELECTION: 6,
}
_SIZES = ("1024x1024", "1080x1350", "1920x1080", "512x512")
_PARAMETERS = [json.dumps({"size": size, "samples": 3, "guidance": 7}) for size in _SIZES]
_DETAILS = [json.dumps({"format": f, "resolution": r}) for f in ("png", "webp") for r in _SIZES]


@dataclass
class Makers:
    """What generates: names of AI models, and ids of their versions in production."""

    names: list[str]
    versions: list[str]


def add_generation(
    rows: Rows, chance: Chance, words: Words, person: Person, makers: Makers
) -> None:
    """Add what the user generates and uploads, what it costs, and what is said of it."""
    for _ in range(chance.count(12 * person.activity) if person.projects else 0):
        project, began = person.projects[chance.rank(len(person.projects))]
        _add_request(
            rows, chance, words, person, makers, project, chance.moment(began, person.until)
        )
    for number in range(chance.count(3 * person.activity)):
        place = chance.choice(person.projects) if person.projects else None
        at = chance.moment(place[1] if place else person.joined, person.until)
        _add_asset(
            rows,
            chance,
            person,
            place and place[0],
            None,
            AssetType.UPLOADED,
            f"upload {number}",
            at,
        )
    for _ in range(chance.count(8 + 6 * person.activity)):
        _log(
            rows,
            chance,
            person,
            None,
            "login_success",
            None,
            chance.moment(person.joined, person.until),
        )
    for _ in range(chance.count(3)):
        at = chance.moment(person.joined, person.until)
        _notify(rows, chance, person, "system_update", "There is something new.", at)


def _add_request(
    rows: Rows,
    chance: Chance,
    words: Words,
    person: Person,
    makers: Makers,
    project: str,
    at: float,
) -> None:
    request = chance.id()
    maker = chance.rank(len(makers.names))
    status = chance.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
    seconds = chance.lognormvariate(2.5, 0.6)
    done = at + seconds
    completed = status is _STATUS.COMPLETED
    has_samples = completed or status is _STATUS.AWAITING_SELECTION
    rows.add(
        "generation_requests",
        *(request, person.id, project, chance.choice(words.sentences)),
        chance.choice(words.sentences) if chance.often(0.3) else None,
        *(chance.choice(_PARAMETERS), status),
        "The model did not answer in time." if status is _STATUS.FAILED else None,
        *("0.25" if has_samples else None, "1.00" if completed else None),
        *(makers.names[maker], int(seconds * 1000), text_of(at), text_of(done)),
    )
    _log(rows, chance, person, request, "sample_generation_initiated", "0.25", at)
    if has_samples:
        _pay(rows, chance, person, request, 25, "sample_generation", done)
        samples = [
            _add_asset(
                rows, chance, person, project, request, AssetType.AI_GENERATED, "sample", done
            )
            for _ in range(chance.randint(1, 3))
        ]
        _notify(rows, chance, person, "generation_complete", "Your samples are ready.", done)
        if completed:
            final = _add_asset(
                rows, chance, person, project, request, AssetType.AI_GENERATED, "final", done + 60
            )
            rows.add("sample_choices", request, chance.choice(samples), final)
            _pay(rows, chance, person, request, 100, "final_generation", done + 60)
            _log(rows, chance, person, request, "asset_exported", "1.00", done + 90)
    if chance.often(0.08):
        version = makers.versions[maker % len(makers.versions)]
        said = chance.choice(words.sentences) if chance.often(0.4) else None
        rating = chance.choices((1, 2, 3, 4, 5), (5, 6, 14, 35, 40))[0]
        given = text_of(done + 300)
        rows.add(
            "ai_model_feedbacks",
            *(chance.id(), person.id, request, version, rating, said, given, None, given),
        )


def _add_asset(
    rows: Rows, chance: Chance, person: Person, project: str | None, request: str | None,
    type_: AssetType, name: str, at: float,
) -> str:  # fmt: skip
    asset = chance.id()
    final = name == "final"
    rows.add(
        "assets",
        *(asset, project, person.id, request, name, type_, f"assets/{person.id}/{asset}.png"),
        *("image/png", "png", _SIZES[chance.rank(len(_SIZES))], "t" if final else "f"),
        *('{"color_space": "sRGB"}', text_of(at), text_of(at)),
        text_of(at + 30 * DAY) if at + 30 * DAY < person.until and chance.often(0.02) else None,
    )
    if final or chance.often(0.15):
        rows.add(
            "asset_versions",
            *(chance.id(), asset, project, 1, f"assets/{person.id}/{asset}-1.png", None),
            *("First version", person.id, text_of(at)),
        )
    return asset


def _pay(
    rows: Rows, chance: Chance, person: Person, request: str, cents: int, what: str, at: float
) -> None:
    if person.balance < cents:
        bought = text_of(at - 60)
        person.balance += 2_500
        rows.add(
            "credit_transactions",
            *(chance.id(), person.id, f"INV{chance.digits(10)}", None, None, "25.00"),
            *("purchase", "Credits", bought, bought),
        )
    person.balance -= cents
    rows.add(
        "credit_transactions",
        *(chance.id(), person.id, None, request, None, f"{-cents / 100:.2f}", what, None),
        *(text_of(at), text_of(at + 5)),
    )


def _log(
    rows: Rows, chance: Chance, person: Person, request: str | None, what: str, cost: str | None,
    at: float,
) -> None:  # fmt: skip
    client = person.api_client if request else None
    rows.add(
        "usage_logs",
        *(person.id, request, client, what, chance.choice(_DETAILS) if request else None),
        *(cost, text_of(at)),
    )


def _notify(rows: Rows, chance: Chance, person: Person, kind: str, message: str, at: float) -> None:
    read = chance.often(0.8)
    rows.add(
        "notifications",
        *(chance.id(), person.id, kind, message, None, "t" if read else "f"),
        *(text_of(at), text_of(at + 3_600 if read else at)),
    )
