"""What the script does to a database: all or nothing, again and again, and in words."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine

from tests.roles.roles import KINDS, SCRIPT, MakeConfig, Roles, ok, roles_of, upgrade
from tests.runner.database import ask, execute
from tests.schema import catalog
from tests.support.databases import ROOT, Databases

IN_EXCESS = (
    "GRANT CREATE ON SCHEMA public TO PUBLIC",
    "GRANT ALL ON SCHEMA public TO {app}, {reader}",
    "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC, {reader}",
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO {app}, {reader}, {backup}, {monitor}, PUBLIC",
    "GRANT SELECT (password_hash) ON users TO {reader}, PUBLIC",
    "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {app}, {reader}",
    "GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA public TO PUBLIC, {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT ALL ON TABLES TO {reader}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT ALL ON TABLES TO {app}",
)
TOO_FEW = (
    "REVOKE CONNECT ON DATABASE {database} FROM {app}",
    "REVOKE USAGE ON SCHEMA public FROM {reader}",
    "REVOKE pg_read_all_data FROM {backup}",
    "REVOKE SELECT ON users FROM {reader}",
    "REVOKE ALL ON SEQUENCE usage_logs_id_seq FROM {app}",
    "REVOKE SELECT ON alembic_version FROM {monitor}",
)


def test_second_run_changes_nothing_whoever_runs_it(own: Roles) -> None:
    ok(own.run())
    after_first = own.state()
    owner = own.log_in("owner")
    before = own.state()
    for by in (own.superuser, owner):
        said = ok(own.run(by=by))
        database = own.superuser.url.database
        assert said == [f"Roles and privileges are set for schema public of database {database}."]
        assert own.state() == before
    assert after_first <= before


@pytest.mark.parametrize("statement", [*IN_EXCESS, *TOO_FEW])
def test_run_puts_right_what_was_granted_or_revoked(roles: Roles, statement: str) -> None:
    before = roles.state()
    names = {kind: roles[kind] for kind in KINDS} | {"database": roles.superuser.url.database}
    execute(roles.superuser, statement.format(**names))
    assert roles.state() != before
    ok(roles.run())
    assert roles.state() == before


def test_run_completes_what_is_there_in_part(own: Roles, databases: Databases) -> None:
    with roles_of(databases) as other:
        ok(other.run())
    execute(own.superuser, f"CREATE ROLE {own['app']} LOGIN", f"CREATE ROLE {own['reader']}")
    ok(own.run())
    with own.superuser.connect() as connection:
        query = "SELECT rolcanlogin FROM pg_roles WHERE rolname = :name"
        assert catalog.names(connection, query, name=own["app"]) == [True]


def test_empty_database_is_told_what_comes_next(empty: Roles, make_config: MakeConfig) -> None:
    expected = [
        f"Roles are set for schema public of database {empty.superuser.url.database}. "
        "Next: alembic upgrade head, then this file again."
    ]
    assert ok(empty.run()) == expected
    assert ok(empty.run()) == expected
    owner = empty.log_in("owner")
    upgrade(owner, make_config)
    command.downgrade(make_config(owner), "base")
    assert ok(empty.run()) == expected


def test_version_table_that_a_superuser_left_is_taken_over(
    empty: Roles, make_config: MakeConfig
) -> None:
    execute(empty.superuser, "CREATE VIEW mine AS SELECT 1")
    command.ensure_version(make_config(empty.superuser))
    assert ok(empty.run())[0].endswith(f" that now belong to {empty['owner']}: 1.")
    upgrade(empty.log_in("owner"), make_config)


def test_owner_may_own_the_database_and_run_it_all(own: Roles, make_config: MakeConfig) -> None:
    execute(own.superuser, f"CREATE ROLE {own['owner']}")
    owner = own.log_in("owner")
    execute(own.superuser, f"ALTER DATABASE {owner.url.database} OWNER TO {own['owner']}")
    ok(own.run())
    before = own.state()
    ok(own.run(by=owner))
    assert own.state() == before
    upgrade(owner, make_config)


def test_objects_taken_over_are_counted(own: Roles) -> None:
    said = ok(own.run())
    superuser = own.superuser.url.username
    assert said[0].startswith(f"Objects of {superuser} that now belong to {own['owner']}: ")


def refusal(roles: Roles, *variables: str, by: Engine | None = None, script: str = SCRIPT) -> str:
    """Assert that the script changes nothing, and return what it says."""
    before = roles.state()
    result = roles.run(*variables, by=by, script=script)
    assert result.returncode == 3
    assert result.stdout == ""
    assert roles.state() == before
    return result.stderr.partition("ERROR:  ")[2]


def test_tables_without_a_revision_are_refused(empty: Roles) -> None:
    execute(empty.superuser, "CREATE TABLE users ()")
    database = empty.superuser.url.database
    assert refusal(empty) == (
        f"schema public of database {database} holds tables, but no alembic_version\n"
        "HINT:  Nothing was changed. If it is the right database, run alembic stamp head first.\n"
    )
    execute(empty.superuser, "ALTER EXTENSION plpgsql ADD TABLE users")
    ok(empty.run())


def test_database_at_an_older_revision_is_refused(own: Roles) -> None:
    execute(own.superuser, "ALTER TABLE teams DROP COLUMN name", "DROP TABLE sessions")
    database = own.superuser.url.database
    assert refusal(own) == (
        f"schema public of database {database} lacks sessions.created_at, sessions.device_info, "
        "sessions.expires_at, sessions.id, sessions.ip_address and 4 more\n"
        "HINT:  Nothing was changed. If it is the right database, run alembic upgrade head first.\n"
    )


def test_server_that_is_too_old_is_refused(own: Roles, tmp_path: Path) -> None:
    script = tmp_path / "roles.sql"
    text = (ROOT / SCRIPT).read_text()
    assert text.count("160000") == 1
    script.write_text(text.replace("160000", "990000"))
    said = refusal(own, script=str(script))
    assert said.startswith("PostgreSQL 16 or later is needed, this is 1")


@pytest.mark.parametrize("kind", ["app", "stranger"])
def test_role_that_may_not_set_up_roles_is_refused(own: Roles, kind: str) -> None:
    if kind == "app":
        ok(own.run())
    caller = own.log_in(kind)
    assert refusal(own, by=caller).startswith(f"{caller.url.username} may not set up roles\n")


@pytest.mark.parametrize("how", ["SUPERUSER", "IN ROLE {owner}"])
@pytest.mark.parametrize("kind", ["app", "reader", "backup", "monitor"])
def test_role_that_no_grant_limits_is_refused(own: Roles, kind: str, how: str) -> None:
    execute(own.superuser, f"CREATE ROLE {own['owner']}")
    execute(own.superuser, f"CREATE ROLE {own[kind]} {how.format(owner=own['owner'])}")
    assert refusal(own) == (
        f"{own[kind]} is a superuser or a member of {own['owner']}: no grant can limit it\n"
        "HINT:  Nothing was changed.\n"
    )


@pytest.mark.parametrize("kind", ["reader", "monitor"])
def test_secret_that_can_be_read_another_way_is_refused(own: Roles, kind: str) -> None:
    execute(own.superuser, f"CREATE ROLE {own[kind]} IN ROLE pg_read_all_data")
    assert refusal(own).startswith(f"{own[kind]} can read public.users.")


def test_connection_that_was_granted_to_all_again_is_not_the_owners_to_revoke(own: Roles) -> None:
    ok(own.run())
    database = own.superuser.url.database
    execute(own.superuser, f"GRANT CONNECT ON DATABASE {database} TO PUBLIC")
    said = refusal(own, by=own.log_in("owner"))
    assert said.startswith(
        f"{own['owner']} may not REVOKE CONNECT ON DATABASE {database} FROM PUBLIC\n"
    )


def test_table_of_another_role_is_refused(own: Roles) -> None:
    other = own.log_in("other")
    execute(own.superuser, f"ALTER TABLE teams OWNER TO {other.url.username}")
    said = refusal(own)
    assert said.startswith(f"public.teams belongs to {other.url.username}, not to {own['owner']}\n")


def test_one_role_for_two_purposes_is_refused(own: Roles) -> None:
    assert "already exists" in refusal(own, f"reader={own['app']}")
    ok(own.run())
    assert "no grant can limit it" in refusal(own, f"reader={own['owner']}")


def test_tables_that_are_in_use_are_not_waited_for(own: Roles) -> None:
    with own.superuser.begin() as connection:
        connection.exec_driver_sql("SELECT FROM teams")
        assert refusal(own) == "canceling statement due to lock timeout\n"
    ok(own.run())
    with own.superuser.begin() as connection:
        connection.exec_driver_sql("SELECT FROM teams")
        ok(own.run())


def test_other_names_are_taken_whatever_they_look_like(
    empty: Roles, make_config: MakeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f'{kind}={empty[""]}{kind} of "o\'Neil" %s $do$' for kind in KINDS]
    names.append("schema=My Schema")
    ok(empty.run(*names))
    url = empty.superuser.url.update_query_dict({"options": '-csearch_path="My\\ Schema"'})
    monkeypatch.setenv("DATABASE_SCHEMA", "My Schema")
    command.upgrade(make_config(url.render_as_string(hide_password=False)), "head")
    said = ok(empty.run(*names))
    assert said[-1].startswith("Roles and privileges are set for schema My Schema of database ")
    owners = """
        SELECT count(DISTINCT relowner)::text || min(relowner::regrole::text) FROM pg_class
        WHERE relnamespace = '"My Schema"'::regnamespace"""
    assert ask(empty.superuser, owners) == f'1"{empty[""]}owner of ""o\'Neil"" %s $do$"'
    assert ask(empty.superuser, "SELECT to_regclass('public.users')") is None


def test_names_have_defaults(databases: Databases) -> None:
    text = (ROOT / SCRIPT).read_text()
    for kind, name in zip(KINDS, ("owner", "app", "read", "backup", "monitor"), strict=True):
        assert f"\\set {kind} creativeflow_{name} \\endif" in text


def test_function_of_another_role_that_fits_better_is_not_called(own: Roles) -> None:
    hostile = own.log_in("hostile")
    execute(own.superuser, "GRANT CREATE ON SCHEMA public TO PUBLIC")
    become = f"EXECUTE 'ALTER ROLE {hostile.url.username} SUPERUSER'; RETURN 'SELECT 1'"
    execute(
        hostile,
        *(
            f"CREATE FUNCTION public.format({arguments}) RETURNS text LANGUAGE plpgsql "
            f"AS $$ BEGIN {become}; END $$"
            for arguments in ("text, text", "text, name", "text, text, text", "text, name, name")
        ),
    )
    ok(own.run())
    superusers = f"SELECT rolsuper FROM pg_roles WHERE rolname = '{hostile.url.username}'"
    assert ask(own.superuser, superusers) == "False"
