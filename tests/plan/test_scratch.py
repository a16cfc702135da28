"""The scratch database: there for the plan, and gone afterwards."""

from contextlib import suppress

import pytest
from alembic.util import CommandError
from sqlalchemy import URL, Engine

from app.plan.scratch import scratch_database
from app.server.scratch import major_version
from tests.runner.database import ask

FIND = "SELECT datname FROM pg_database WHERE datname = '{}'"


@pytest.fixture
def url(server_url: URL) -> str:
    return server_url.render_as_string(hide_password=False)


@pytest.mark.parametrize("fails", [False, True])
def test_scratch_database_does_not_outlive_the_plan(
    fails: bool, url: str, shared_engine: Engine
) -> None:
    with suppress(ZeroDivisionError), scratch_database(url, "public", None) as scratch:
        name = scratch.engine.url.database
        assert ask(shared_engine, FIND.format(name)) == name
        assert 1 / (not fails)
    assert ask(shared_engine, FIND.format(name)) is None


def test_other_major_version_is_refused(url: str, shared_engine: Engine) -> None:
    with shared_engine.connect() as connection:
        found = major_version(connection)
    with (
        pytest.raises(CommandError, match=f"is PostgreSQL {found}, the database is on") as caught,
        scratch_database(url, "public", 99),
    ):
        pass
    assert len(str(caught.value).splitlines()) == 2


def test_role_that_may_not_create_databases_is_told(url: str, shared_engine: Engine) -> None:
    role = "plan_" + str(shared_engine.url.database)
    with shared_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD 'any'")
        try:
            own = shared_engine.url.set(username=role, password="any")
            with (
                pytest.raises(CommandError, match=r"cannot be created: .*permission denied"),
                scratch_database(own.render_as_string(hide_password=False), "public", None),
            ):
                pass
        finally:
            connection.exec_driver_sql(f"DROP ROLE {role}")
