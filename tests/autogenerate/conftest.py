"""What the tests of autogenerate share."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _remember_in_a_directory_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep remembered snapshots out of the user's cache, and the tests off what it holds."""
    patch = pytest.MonkeyPatch()
    patch.setenv("AUTOGENERATE_CACHE", str(tmp_path_factory.mktemp("remembered")))
