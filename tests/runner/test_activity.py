"""Who is in the way, in words: ages, what the role may not see, what would end it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from re import search

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool, StaticPool

from app.runner.lock import only_run
from app.server.embedded import server as embedded_server
from tests.runner.database import execute, holding, pid_of, wait_until
from tests.runner.revisions import Revisions
from tests.support.databases import make_config
from tests.support.server import FAST, psycopg2_url

ConfigFor = Callable[[Engine], Config]

needs_own_server = pytest.mark.skipif(
    not embedded_server.is_installed(), reason="needs a server of its own"
)


@pytest.fixture(autouse=True)
def _one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_LOCK_ATTEMPTS", "1")


def refusal(config: Config) -> str:
    with pytest.raises(CommandError) as refused:
        command.upgrade(config, "head")
    return str(refused.value)


def test_age_of_a_transaction_and_what_it_ran_last_are_told(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("LOCK TABLE users")
    with holding(migrated_engine, "LOCK TABLE users IN ACCESS SHARE MODE") as holder:
        time.sleep(1.2)
        holder.exec_driver_sql("SELECT  1,\n 2")
        message = refusal(config_for(migrated_engine))
    assert search(
        r" in a transaction for [1-9]\.\d s, idle in transaction, last: SELECT 1, 2\. ", message
    )


def test_session_that_blocks_outside_a_transaction_is_in_none(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("SELECT pg_advisory_lock(7)")
    autocommit = migrated_engine.execution_options(isolation_level="AUTOCOMMIT")
    with autocommit.connect() as holder:
        holder.exec_driver_sql("SELECT pg_advisory_lock(7)")
        time.sleep(1.2)
        message = refusal(config_for(migrated_engine))
        holder.exec_driver_sql("SELECT pg_advisory_unlock(7)")
    assert search(r" outside a transaction for [1-9]\.\d s, idle, last: SELECT pg_adv", message)


def test_running_query_is_told_as_running_and_cut_short(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("LOCK TABLE users")
    with migrated_engine.connect() as holder:
        holder.exec_driver_sql("LOCK TABLE users")
        pid = pid_of(holder)
        cursor = holder.connection.cursor()
        ended = f"SELECT pg_sleep(3) -- {'x' * 200}"
        with running(migrated_engine, pid, lambda: cursor.execute(ended)):
            message = refusal(config_for(migrated_engine))
    assert ", running: SELECT pg_sleep(3) -- xxx" in message
    assert "xxx ..." in message
    assert ended not in message


@contextmanager
def running(engine: Engine, pid: int, statement: Callable[[], object]) -> Iterator[None]:
    """Run ``statement`` in a thread until the block ends."""
    thread = threading.Thread(target=statement)
    thread.start()
    wait_until(engine, f"SELECT query ~ 'pg_sleep' FROM pg_stat_activity WHERE pid = {pid}")
    yield
    thread.join()


def test_blockers_that_could_not_be_seen_leave_a_whole_sentence(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("LOCK TABLE users")
    engine = create_engine(migrated_engine.url, poolclass=StaticPool)
    config = config_for(engine)
    with holding(migrated_engine, "SELECT FROM users"), engine.connect() as connection:
        config.attributes["connection"] = connection
        message = refusal(config)
    engine.dispose()
    assert "did not get a lock within 300 ms, by whom could not be seen. That was" in message
    assert message.endswith("Run the command again when the other transaction has ended.")


def test_stranger_sees_who_blocks_but_not_what_it_runs(
    empty_engine: Engine, guest_engine: Engine
) -> None:
    guest = guest_engine.url.username
    execute(empty_engine, f"GRANT USAGE, CREATE ON SCHEMA public TO {guest}")
    command.upgrade(make_config(guest_engine), "0001")
    with holding(empty_engine, "LOCK TABLE users") as holder:
        pid = pid_of(holder)
        message = refusal(make_config(guest_engine))
    assert f"blocked by pid {pid} (postgres at " in message
    assert "); a member of pg_read_all_stats would see its query. That was" in message


@pytest.fixture(scope="module")
def own_server(server_place: Path) -> Iterator[str]:
    """The URL of a server with prepared transactions, which vacuums soon and slowly."""
    directory = server_place / "activity"
    settings = {**FAST, "max_prepared_transactions": "2", "autovacuum_naptime": "1"}
    yield embedded_server.start(directory, settings=settings)
    embedded_server.release(directory)


@pytest.fixture
def own_engine(own_server: str) -> Engine:
    """A migrated database on that server."""
    engine = create_engine(psycopg2_url(own_server), poolclass=NullPool)
    command.upgrade(make_config(engine), "head")
    return engine


@needs_own_server
def test_prepared_transaction_is_named_and_not_to_be_terminated(
    own_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    revisions.add_sql("LOCK TABLE users")
    with holding(own_engine, "SELECT FROM users") as holder:
        pid = pid_of(holder)
        execute(own_engine, "SELECT FROM users", "PREPARE TRANSACTION 'left'")
        both = refusal(config_for(own_engine))
        holder.rollback()
        alone = refusal(config_for(own_engine))
    finish_prepared(own_engine, "left")
    assert "a prepared transaction (see pg_prepared_xacts)" in both
    assert both.endswith(f", or end it: SELECT pg_terminate_backend({pid});")
    assert "blocked by a prepared transaction (see pg_prepared_xacts). That was" in alone
    assert alone.endswith("when the other transaction has ended.")


@needs_own_server
def test_prepared_transaction_that_holds_the_lock_of_the_run_is_named(own_engine: Engine) -> None:
    with own_engine.begin() as connection:
        with only_run(connection, 0):
            pass
        connection.exec_driver_sql("PREPARE TRANSACTION 'run'")
    with (
        own_engine.connect() as other,
        pytest.raises(CommandError) as refused,
        only_run(other, 0),
    ):
        pass
    finish_prepared(own_engine, "run")
    assert "has not ended within 0 ms: a prepared transaction (see pg" in str(refused.value)
    assert str(refused.value).endswith("wait longer with -x wait_timeout=30min.")


def finish_prepared(engine: Engine, name: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ROLLBACK PREPARED '{name}'")


USE_TRANSACTIONS = """\
DO $$
BEGIN
    FOR n IN 1..100001 LOOP
        PERFORM pg_current_xact_id();
        COMMIT;
    END LOOP;
END
$$"""


@needs_own_server
@pytest.mark.parametrize(
    ("starts_for", "cause"),
    [
        ("autovacuum_vacuum_threshold = 1", "DELETE FROM slow WHERE mod(id, 2) = 0"),
        # Against wraparound it goes on, whoever waits for it.
        ("autovacuum_enabled = off, autovacuum_freeze_max_age = 100000", USE_TRANSACTIONS),
    ],
    ids=["for dead rows", "against wraparound"],
)
def test_autovacuum_is_named_to_those_who_may_not_see_it(
    starts_for: str, cause: str, own_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(
        own_engine,
        "CREATE TABLE slow (id int, filling text) WITH (autovacuum_vacuum_cost_delay = 100,"
        f" autovacuum_vacuum_cost_limit = 1, {starts_for})",
        "INSERT INTO slow SELECT n, repeat('x', 500) FROM generate_series(1, 4000) AS n",
        "CREATE ROLE owner LOGIN",
        "GRANT ALL ON SCHEMA public TO owner",
        "GRANT ALL ON alembic_version TO owner",
        "ALTER TABLE slow OWNER TO owner",
    )
    with own_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(cause)
    vacuuming = "SELECT relid = 'slow'::regclass FROM pg_stat_progress_vacuum"
    wait_until(own_engine, vacuuming, seconds=60)
    revisions.add_sql("ALTER TABLE slow ADD COLUMN more int")
    message = refusal(config_for(create_engine(own_engine.url.set(username="owner"))))
    execute(own_engine, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_progress_vacuum")
    execute(own_engine, "DROP TABLE slow", "DROP OWNED BY owner", "DROP ROLE owner")
    assert search(r"blocked by pid \d+ \(autovacuum\); a member of pg_read_all_stats", message)
    assert message.endswith("Run the command again when the other transaction has ended.")
