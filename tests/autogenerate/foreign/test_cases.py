"""Models that nobody here wrote: from nothing to each of them, down again, each time exactly."""

import pytest

from tests.autogenerate.foreign.cases import CASES, stages
from tests.autogenerate.foreign.conftest import Begin


@pytest.mark.parametrize("name", CASES)
def test_round_trip_is_exact(begin: Begin, name: str) -> None:
    project = begin()
    for models in stages(name):
        project.change(models)
    project.downgrade("base")
    project.require({})
