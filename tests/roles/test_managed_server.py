"""On a managed server there is no superuser: an administrator has CREATEROLE and the database."""

import pytest
from sqlalchemy import Engine

from tests.roles.roles import MakeConfig, Roles, ok, upgrade
from tests.roles.test_script import refusal
from tests.runner.database import execute
from tests.schema import catalog
from tests.schema.rows import make_row

PREDEFINED = "pg_read_all_data, pg_monitor"


@pytest.fixture
def administrator(empty: Roles) -> Engine:
    """A login that owns the database and may create roles."""
    administrator = empty.log_in("administrator", "CREATEROLE")
    name = administrator.url.username
    execute(empty.superuser, f"ALTER DATABASE {administrator.url.database} OWNER TO {name}")
    return administrator


@pytest.fixture
def entitled(empty: Roles, administrator: Engine) -> Engine:
    """The administrator, who may also grant what PostgreSQL has ready-made."""
    name = administrator.url.username
    execute(empty.superuser, f"GRANT {PREDEFINED} TO {name} WITH ADMIN OPTION")
    return administrator


@pytest.mark.parametrize("upgraded_before", [False, True])
def test_administrator_needs_to_be_no_superuser(
    empty: Roles, entitled: Engine, make_config: MakeConfig, upgraded_before: bool
) -> None:
    if upgraded_before:
        upgrade(entitled, make_config)
    said = ok(empty.run(by=entitled))
    assert any("that now belong to" in line for line in said) == upgraded_before
    upgrade(empty.log_in("owner"), make_config)
    for by in (entitled, empty.log_in("owner"), entitled):
        ok(empty.run(by=by))
    with empty.log_in("app").connect() as app:
        make_row(app, "users")
    with empty.superuser.connect() as connection:
        # PostgreSQL makes it a member that may grant the role, but neither use nor be it.
        query = """
            SELECT count(*) FROM pg_auth_members
            WHERE member = CAST(:name AS regrole) AND (set_option OR inherit_option)
                  AND roleid::regrole::text NOT LIKE 'pg\\_%'"""
        assert catalog.names(connection, query, name=entitled.url.username) == [0]


def test_who_may_not_grant_the_predefined_roles_is_told_so(
    empty: Roles, administrator: Engine
) -> None:
    assert refusal(empty, by=administrator).startswith(
        'permission denied to grant role "pg_read_all_data"\n'
        "DETAIL:  Only roles with the ADMIN option on role"
    )


def test_who_does_not_own_the_database_is_told_so(empty: Roles, entitled: Engine) -> None:
    execute(empty.superuser, f"ALTER DATABASE {entitled.url.database} OWNER TO CURRENT_USER")
    assert "permission denied for database" in refusal(empty, by=entitled)


def test_warning_that_nothing_was_granted_is_not_taken_for_success(
    empty: Roles, entitled: Engine
) -> None:
    database, name = entitled.url.database, entitled.url.username
    execute(
        empty.superuser,
        f"ALTER DATABASE {database} OWNER TO CURRENT_USER",
        f"GRANT CREATE ON DATABASE {database} TO {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
    )
    said = refusal(empty, by=entitled)
    assert said.startswith(f"{name} may not GRANT ")
    assert "Run this as a superuser, or as the role that owns the database" in said
