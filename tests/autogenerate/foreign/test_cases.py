"""Models that nobody here wrote: from nothing to each of them, down again, each time exactly."""

import pytest

from tests.autogenerate.foreign.cases import CASES, stages
from tests.autogenerate.foreign.conftest import Begin
from tests.support.thinned import one_in


@pytest.mark.parametrize("name", [one_in(3, name) for name in CASES])
def test_round_trip_is_exact(begin: Begin, name: str) -> None:
    project = begin()
    for models in stages(name):
        project.change(models)
    project.downgrade("base")
    project.require({})
