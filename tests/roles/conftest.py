"""Fixtures: databases whose roles the script has made, in either order with the migrations."""

from collections.abc import Iterator

import pytest

from tests.roles.roles import MakeConfig, Roles, ok, roles_of, upgrade
from tests.support.databases import Databases


@pytest.fixture(scope="package", params=["fresh", "upgraded by a superuser"])
def roles(
    request: pytest.FixtureRequest, databases: Databases, template: str, make_config: MakeConfig
) -> Iterator[Roles]:
    """The roles of a database at head; tests leave it as they found it."""
    if request.param == "fresh":
        with roles_of(databases) as roles:
            ok(roles.run())
            upgrade(roles.log_in("owner"), make_config)
            ok(roles.run())
            yield roles
    else:
        with roles_of(databases, template) as roles:
            ok(roles.run())
            yield roles


@pytest.fixture
def own(databases: Databases, template: str) -> Iterator[Roles]:
    """The roles-to-be of a database of the test's own, which a superuser has upgraded."""
    with roles_of(databases, template) as roles:
        yield roles


@pytest.fixture
def empty(databases: Databases) -> Iterator[Roles]:
    """The roles-to-be of an empty database of the test's own."""
    with roles_of(databases) as roles:
        yield roles
