"""The one list of hazards: complete sentences, each with a fix, each told by somebody."""

import re
from pathlib import Path

import pytest

from app.autogenerate.writing import review
from app.lint.linter import is_rule
from app.lint.rules import HAZARDS
from app.plan import gaps, judging
from app.revisions.hazards import Hazard


class Names(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"<{name}>"


@pytest.mark.parametrize("hazard", Hazard)
def test_sentence_says_what_happens_and_the_fix_is_another(hazard: Hazard) -> None:
    up, down = hazard.tell(Names()), hazard.tell(Names(), down=True)
    assert "<name>" in up
    assert down.startswith("downgrade ")
    assert "<name>" in down
    assert hazard.fix
    assert not any(text.endswith(".") for text in (up, down, hazard.fix))


def test_every_hazard_is_told_by_somebody() -> None:
    speakers = (Path(str(module.__file__)) for module in (review, gaps, judging))
    told = {name for path in speakers for name in re.findall(r"Hazard\.(\w+)", path.read_text())}
    assert told | {hazard.name for hazard in HAZARDS.values()} == {each.name for each in Hazard}


@pytest.mark.parametrize("rule", HAZARDS)
def test_rule_is_one_of_squawks(rule: str) -> None:
    assert is_rule(rule)
