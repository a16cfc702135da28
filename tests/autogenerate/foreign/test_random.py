"""Random changes of random models: each up, clean, and down step by step, exactly."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.autogenerate.foreign.conftest import Begin
from tests.autogenerate.foreign.random_models import Drawn, changes

# The database of one example is that of the next, each in a schema of its own.
_SETTINGS = settings(
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
# Always the same, and told as they are drawn: looking for a smaller one takes minutes.
_SAMPLE = settings(_SETTINGS, derandomize=True, phases=[Phase.generate])


def require_exact(begin: Begin, drawn: tuple[Drawn, Drawn]) -> None:
    before, after = drawn
    project = begin()
    project.create(before.build())
    project.change(after.build())
    project.drop()


@given(changes())
@settings(_SAMPLE, max_examples=30)
def test_random_change_is_exact(begin: Begin, drawn: tuple[Drawn, Drawn]) -> None:
    require_exact(begin, drawn)


@pytest.mark.long
@pytest.mark.timeout(1200)
@given(changes())
@settings(_SAMPLE, max_examples=200)
def test_more_random_changes_are_exact(begin: Begin, drawn: tuple[Drawn, Drawn]) -> None:
    require_exact(begin, drawn)


@pytest.mark.fault
@pytest.mark.timeout(7200)
@given(changes())
@settings(_SETTINGS, max_examples=2000)
def test_random_changes_are_exact(begin: Begin, drawn: tuple[Drawn, Drawn]) -> None:
    require_exact(begin, drawn)
