"""What a run needs of a database: each message gives the fix, and nothing is changed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from app.server.embedded import server as embedded_server
from tests.runner.database import ask, execute, revision_of
from tests.runner.revisions import Revisions
from tests.support.revisions import HEAD
from tests.support.server import FAST, psycopg2_url

ConfigFor = Callable[[Engine], Config]
Run = Callable[[Config, str], None]

UNKNOWN = "UPDATE alembic_version SET version_num = 'x042'"
COUNT = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


def refusal(run: Run, config: Config, target: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(config, target)
    message = str(refused.value)
    assert "\nNothing was changed." in message
    assert message.count("\n") == 1
    return message


def test_unknown_revision_names_it_and_the_newest_known(
    migrated_engine: Engine, config_for: ConfigFor
) -> None:
    execute(migrated_engine, UNKNOWN)
    for run in (command.upgrade, command.downgrade, command.stamp):
        message = refusal(run, config_for(migrated_engine), "base")
        assert "at revision x042, which this checkout does not know: " in message
        assert f"its newest is {HEAD}." in message
        assert "git pull" in message
        assert revision_of(migrated_engine) == "x042"


def test_unknown_revision_can_be_stamped_away_with_purge(
    migrated_engine: Engine, config_for: ConfigFor
) -> None:
    execute(migrated_engine, UNKNOWN)
    command.stamp(config_for(migrated_engine), "head", purge=True)
    assert revision_of(migrated_engine) == HEAD


def test_purge_to_base_empties_the_version_table(
    migrated_engine: Engine, config_for: ConfigFor
) -> None:
    command.stamp(config_for(migrated_engine), "base", purge=True)
    assert revision_of(migrated_engine) is None


def test_schema_with_tables_of_its_own_is_not_migrated_into(
    empty_engine: Engine, config_for: ConfigFor
) -> None:
    execute(empty_engine, *(f"CREATE TABLE t{n} (id serial)" for n in range(7)))
    message = refusal(command.upgrade, config_for(empty_engine), "head")
    assert "Schema public is not empty" in message
    assert "it holds t0, t1, t2, t3, t4 and 2 more." in message
    assert "alembic stamp head, then alembic check" in message
    assert ask(empty_engine, "SELECT to_regclass('alembic_version')") is None


def test_schema_with_any_object_is_not_empty(empty_engine: Engine, config_for: ConfigFor) -> None:
    for kind, name, definition in (
        ("VIEW", "v", "AS SELECT 1"),
        ("FUNCTION", "f", "() RETURNS int RETURN 1"),
        ("TYPE", "mood", "AS ENUM ('ok')"),
        ("TYPE", "span", "AS RANGE (subtype = int)"),
        ("SEQUENCE", "s", ""),
    ):
        execute(empty_engine, f"CREATE {kind} {name} {definition}")
        assert f"it holds {name}." in refusal(command.upgrade, config_for(empty_engine), "head")
        execute(empty_engine, f"DROP {kind} {name}")


def test_objects_of_extensions_do_not_count(empty_engine: Engine, config_for: ConfigFor) -> None:
    name = ask(
        empty_engine,
        "SELECT name FROM pg_available_extensions WHERE name IN ('vector', 'pgcrypto', 'citext')",
    )
    execute(empty_engine, f"CREATE EXTENSION {name}")
    assert ask(empty_engine, "SELECT count(*) FROM pg_proc WHERE proname ~ 'vector|crypt|citext'")
    command.upgrade(config_for(empty_engine), "head")
    assert revision_of(empty_engine) == HEAD


def test_stamp_head_adopts_an_existing_schema(
    migrated_engine: Engine, config_for: ConfigFor
) -> None:
    execute(migrated_engine, "DROP TABLE alembic_version")
    refusal(command.upgrade, config_for(migrated_engine), "head")
    command.stamp(config_for(migrated_engine), "head")
    command.upgrade(config_for(migrated_engine), "head")
    assert revision_of(migrated_engine) == HEAD


def test_stamp_base_lets_other_objects_stay(empty_engine: Engine, config_for: ConfigFor) -> None:
    execute(empty_engine, "CREATE TABLE other ()")
    command.stamp(config_for(empty_engine), "base")
    command.upgrade(config_for(empty_engine), "head")
    assert revision_of(empty_engine) == HEAD


def test_commands_that_only_look_leave_no_version_table(
    empty_engine: Engine, config_for: ConfigFor
) -> None:
    command.history(config_for(empty_engine), indicate_current=True)
    command.current(config_for(empty_engine))
    with pytest.raises(CommandError, match="not up to date"):
        command.check(config_for(empty_engine))
    assert ask(empty_engine, COUNT) == "0"


@pytest.mark.parametrize("run", [command.upgrade, command.stamp])
def test_missing_privilege_to_create_gives_the_grant(
    guest_engine: Engine, empty_engine: Engine, config_for: ConfigFor, run: Run
) -> None:
    guest = guest_engine.url.username
    message = refusal(run, config_for(guest_engine), "head")
    assert message.startswith(f"User {guest} may not create objects in schema public.")
    grant = f'GRANT USAGE, CREATE ON SCHEMA "public" TO "{guest}";'
    assert message.endswith(grant)
    execute(empty_engine, grant)
    run(config_for(guest_engine), "head")
    assert revision_of(empty_engine) == HEAD


def test_nothing_to_do_takes_no_privilege_to_create(
    guest_engine: Engine,
    empty_engine: Engine,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "app.runner")
    command.upgrade(config_for(empty_engine), "head")
    execute(empty_engine, f"GRANT SELECT ON alembic_version TO {guest_engine.url.username}")
    command.upgrade(config_for(guest_engine), "head")
    assert caplog.messages[-1].endswith(f": at {HEAD} (head), nothing to do")


@pytest.mark.parametrize("look", [command.current, command.check])
def test_missing_privilege_to_read_the_revision_gives_the_grant(
    guest_engine: Engine,
    empty_engine: Engine,
    config_for: ConfigFor,
    look: Callable[[Config], object],
) -> None:
    guest = guest_engine.url.username
    command.upgrade(config_for(empty_engine), "head")
    with pytest.raises(CommandError) as told:
        look(config_for(guest_engine))
    what, remedy = str(told.value).splitlines()
    assert what.startswith(f"User {guest} may not read alembic_version, ")
    grant = f'GRANT SELECT ON "public"."alembic_version" TO "{guest}";'
    assert remedy == f"Nothing was changed. Let the table's owner run: {grant}"
    execute(empty_engine, grant)
    command.current(config_for(guest_engine))


def test_search_path_without_a_schema_is_refused(
    empty_engine: Engine, config_for: ConfigFor
) -> None:
    with empty_engine.connect() as connection:
        connection.exec_driver_sql("SET search_path TO nowhere")
        connection.commit()
        config = config_for(empty_engine)
        config.attributes["connection"] = connection
        assert "names no schema" in refusal(command.upgrade, config, "head")


def test_tables_of_another_owner_say_who_should_run(
    migrated_engine: Engine, guest_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    database = migrated_engine.url.database
    guest = guest_engine.url.username
    revisions.add_sql("ALTER TABLE users ADD COLUMN extra int")
    execute(
        migrated_engine,
        f"GRANT CREATE ON SCHEMA public TO {guest}",
        f"GRANT ALL ON alembic_version TO {guest}",
    )
    config = config_for(create_engine(guest_engine.url.set(database=database), poolclass=NullPool))
    with pytest.raises(CommandError, match=r"must be owner of table users(.|\n)*that owns the"):
        command.upgrade(config, "head")
    execute(migrated_engine, f"DROP OWNED BY {guest}")


@pytest.mark.skipif(not embedded_server.is_installed(), reason="needs a server of its own")
@pytest.mark.parametrize("run", [command.upgrade, command.downgrade, command.stamp])
def test_standby_sends_to_the_primary(standby: Engine, config_for: ConfigFor, run: Run) -> None:
    assert "The server is a standby" in refusal(run, config_for(standby), "base")


@pytest.fixture(scope="module")
def standby(server_place: Path) -> Iterator[Engine]:
    """The database of a server that waits for a primary's changes."""
    directory = server_place / "standby"
    embedded_server.start(directory, settings=FAST)
    embedded_server.release(directory)
    (directory / "data" / "standby.signal").touch()
    engine = create_engine(psycopg2_url(embedded_server.start(directory, settings=FAST)))
    yield engine
    engine.dispose()
    embedded_server.release(directory)
