"""Behind pgbouncer: session mode serves, the others are refused before anything is set."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from app.runner.options import Options
from app.runner.session import RunSession
from tests.runner.database import ask, execute, revision_of, with_driver
from tests.runner.load import Load
from tests.support.commands import run_alembic, url_of
from tests.support.databases import make_config
from tests.support.pgbouncer import needs_pgbouncer, pgbouncer
from tests.support.revisions import HEAD

pytestmark = [pytest.mark.tools, needs_pgbouncer]

Pooler = Callable[..., AbstractContextManager[Engine]]

POOL_SIZE = 3
WRITE = "INSERT INTO load.busy SELECT pg_sleep(0.002)"
OBJECTS = """\
SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
WHERE relnamespace IN ('public'::regnamespace, 'creative'::regnamespace)"""
SETTINGS = """\
SELECT string_agg(concat_ws('/', current_setting('search_path'), current_setting('lock_timeout'),
                            current_setting('statement_timeout'),
                            current_setting('tcp_keepalives_count')), ' ')"""
LOCKS = """\
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
REFUSALS = {
    "transaction": "The connection goes through a pooler in transaction mode",
    "statement": "The connection goes through a pooler in statement mode",
}


@pytest.fixture
def pooler(empty_engine: Engine) -> Pooler:
    """Give poolers before a database that has a schema ``creative``, and a table to write to."""
    execute(empty_engine, "CREATE SCHEMA creative", "CREATE SCHEMA load")
    execute(empty_engine, "CREATE TABLE load.busy (nothing text)")

    @contextmanager
    def start(mode: str, *, busy: bool = False, **settings: str | int) -> Iterator[Engine]:
        settings = {"default_pool_size": POOL_SIZE, **settings}
        with pgbouncer(empty_engine.url, pool_mode=mode, **settings) as url:
            engine = create_engine(
                url, isolation_level="AUTOCOMMIT", poolclass=NullPool, use_native_hstore=False
            )
            with Load(engine, *[WRITE] * 2 * POOL_SIZE) if busy else nullcontext():
                yield engine

    return start


def left_on_the_pool(pooled: Engine) -> set[str]:
    """Return the settings that a client of the pooler meets, on each of its sessions."""
    engines = [create_engine(pooled.url, poolclass=NullPool) for _ in range(POOL_SIZE)]
    connections = [engine.connect() for engine in engines]
    found = {str(each.exec_driver_sql(SETTINGS).scalar()) for each in connections}
    for each in connections:
        each.close()
    return found


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
@pytest.mark.parametrize("schema", ["public", "creative"])
@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_mode_without_sessions_is_refused_before_the_first_change(
    mode: str,
    schema: str,
    busy: bool,
    empty_engine: Engine,
    pooler: Pooler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_SCHEMA", schema)
    before = ask(empty_engine, OBJECTS)
    with pooler(mode, busy=busy) as pooled:
        with pytest.raises(CommandError, match=REFUSALS[mode]) as refused:
            command.upgrade(make_config(pooled), "head")
        with pytest.raises(CommandError, match=REFUSALS[mode]):
            command.check(make_config(pooled))
    assert "\nNothing was changed. Connect to PostgreSQL itself" in str(refused.value)
    assert ask(empty_engine, OBJECTS) == before
    assert ask(empty_engine, LOCKS) == "0"


def test_refused_run_leaves_nothing_set_on_the_pool(
    empty_engine: Engine, pooler: Pooler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_SCHEMA", "creative")
    with pooler("transaction") as pooled:
        with pytest.raises(CommandError, match=REFUSALS["transaction"]):
            command.upgrade(make_config(pooled), "head")
        assert left_on_the_pool(pooled) == {ask(empty_engine, SETTINGS)}


def test_command_line_shows_no_traceback(pooler: Pooler) -> None:
    for mode, refusal in REFUSALS.items():
        with pooler(mode) as pooled:
            run = run_alembic("upgrade", "head", DATABASE_URL=url_of(pooled))
        assert run.returncode != 0
        assert refusal in run.stderr + run.stdout
        assert "Traceback" not in run.stderr


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pool_that_takes_its_sessions_in_turn_is_seen_through(
    driver: str, mode: str, size: int, pooler: Pooler
) -> None:
    with pooler(mode, server_round_robin=1, default_pool_size=size) as pooled:
        # As many sessions as there can be.
        with Load(pooled, *[WRITE] * size * 2):
            pass
        with pytest.raises(CommandError, match=REFUSALS[mode]):
            command.upgrade(make_config(with_driver(pooled, driver)), "head")


def test_pool_so_crowded_that_all_wait_is_seen_through(
    pooler: Pooler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.pooler.PATIENCE_SECONDS", 0.2)
    with (
        pooler("transaction", default_pool_size=1) as pooled,
        Load(pooled, *["SELECT pg_sleep(0.15)"] * 3),
        pytest.raises(CommandError, match=REFUSALS["transaction"]),
    ):
        command.upgrade(make_config(pooled), "head")


@pytest.mark.parametrize(
    ("driver", "size", "busy"),
    [("psycopg2", 1, False), ("psycopg2", 4, False), ("psycopg2", 12, True), ("psycopg", 12, True)],
)
def test_session_mode_serves_and_keeps_no_setting(
    driver: str,
    size: int,
    busy: bool,
    empty_engine: Engine,
    pooler: Pooler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_SCHEMA", "creative")
    with pooler("session", busy=busy, default_pool_size=size, server_reset_query="") as pooled:
        config = make_config(with_driver(pooled, driver))
        command.upgrade(config, "head")
        command.check(config)
        if size == POOL_SIZE + 1:
            assert left_on_the_pool(pooled) == {ask(empty_engine, SETTINGS)}
    assert ask(empty_engine, "SELECT to_regclass('creative.users')") == "creative.users"
    assert ask(empty_engine, "SELECT to_regclass('public.users')") is None


def test_caller_behind_a_pooler_in_transaction_mode_is_refused_outside_a_transaction(
    empty_engine: Engine, pooler: Pooler
) -> None:
    with pooler("transaction") as pooled:
        engine = create_engine(pooled.url)
        config = make_config(engine)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            with pytest.raises(CommandError, match=REFUSALS["transaction"]):
                command.upgrade(config, "head")
        engine.dispose()
    assert ask(empty_engine, "SELECT to_regclass('alembic_version')") is None


def test_transaction_of_a_caller_behind_a_pooler_stays_in_its_session(
    empty_engine: Engine, pooler: Pooler
) -> None:
    with pooler("transaction") as pooled:
        before = left_on_the_pool(pooled)
        engine = create_engine(pooled.url)
        config = make_config(engine)
        with engine.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        engine.dispose()
        assert left_on_the_pool(pooled) == before
    assert revision_of(empty_engine) == HEAD


def upgrade_again_and_again(config: Config) -> None:
    """Upgrade; now and then all the steps of a run meet the same session."""
    for _ in range(20):
        command.downgrade(config, "base")
        command.upgrade(config, "head")


def test_another_session_at_a_later_step_ends_the_run(
    empty_engine: Engine, pooler: Pooler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.connection.require_session", lambda _connection: False)
    with pooler("transaction", busy=True) as pooled:
        config = make_config(pooled)
        with pytest.raises(CommandError, match="pooler in transaction mode"):
            upgrade_again_and_again(config)


def test_what_a_run_puts_back_is_not_put_on_another_session(pooler: Pooler) -> None:
    with pooler("transaction") as pooled, with_driver(pooled, "psycopg2").connect() as connection:
        with RunSession(connection, Options()) as session:
            with connection.begin():
                session.renew()
            # The session that was free last is handed out first: a stranger takes it.
            stranger = with_driver(pooled, "psycopg2").connect()
            taken = stranger.exec_driver_sql("SHOW lock_timeout").scalar()
        left = connection.exec_driver_sql("SHOW lock_timeout").scalar()
        stranger.close()
    assert (taken, left) == ("1800ms", "0")
