"""The AI models of the platform: versions, their validation, where they are deployed."""

import json

from ..models import AITaskType
from .chance import DAY, Chance, text_of
from .generation import Makers
from .rows import Rows

_NAMES = ("Aurora", "Brush", "Canvas", "Delta", "Ember", "Fresco", "Gesso", "Halo")
_VERSIONS = 6


def add_ai_models(
    rows: Rows, chance: Chance, staff: list[str], since: float, until: float
) -> Makers:
    """Add the models; ``staff`` are the users who made, validated and deployed them."""
    makers = Makers([], [])
    for number, name in enumerate(_NAMES):
        model = chance.id()
        task = list(AITaskType)[number % len(AITaskType)]
        provider = "Internal" if number % 3 else "OpenAI"
        rows.add(
            "ai_models",
            *(model, name, f"{name} for {task}.", provider, task),
            *("t" if number < len(_NAMES) - 1 else "f", text_of(since), text_of(since)),
        )
        for version in range(_VERSIONS):
            at = since + (until - since) * version / _VERSIONS
            newest = version == _VERSIONS - 1
            id_ = _add_version(rows, chance, model, f"{version + 1}.0.0", newest, staff, at)
        makers.names.append(name)
        makers.versions.append(id_)
    return makers


def _add_version(
    rows: Rows, chance: Chance, model: str, number: str, newest: bool, staff: list[str], at: float
) -> str:
    version, result = chance.id(), chance.id()
    rows.add(
        "ai_model_versions",
        *(version, model, number, f"s3://models/{model}/{number}", "safetensors"),
        *(json.dumps({"steps": 30}), "Production" if newest else "Archived"),
        *(chance.choice(staff), f"What is new in {number}.", text_of(at), text_of(at)),
    )
    rows.add(
        "ai_model_validation_results",
        *(result, version, text_of(at + DAY), "Passed", "Passed"),
        *(json.dumps({"p95_ms": chance.randint(400, 4000)}), None, chance.choice(staff)),
        text_of(at + DAY),
    )
    rows.add("sample_validations", version, result)
    for days, environment in ((1, "testing"), (2, "staging"), (3, "production")):
        then = text_of(at + days * DAY)
        rows.add(
            "ai_model_deployments",
            *(chance.id(), version, environment, "Active" if newest else "Inactive", "canary"),
            *(f"https://{environment}.ai.example.com/{model}", json.dumps({"replicas": days})),
            *(chance.choice(staff), then, then, then),
        )
    return version
