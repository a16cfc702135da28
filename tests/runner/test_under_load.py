"""The long proofs: many runs at once, and runs while an application works on the tables."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from app.server.embedded import server as embedded_server
from tests.runner.checkout import config_of, make_checkout
from tests.runner.database import catalog_of, execute, holding, pid_of, revision_of, wait_until
from tests.runner.load import Load
from tests.runner.processes import finish, start_alembic
from tests.runner.revisions import Revisions
from tests.support.databases import ROOT, Databases
from tests.support.server import FAST, psycopg2_url

pytestmark = pytest.mark.fault

ConfigFor = Callable[[Engine], Config]

ADD_USER = """\
INSERT INTO users (email, username, password_hash) \
SELECT x || '@example.com', x, 'x' FROM gen_random_uuid() AS id, left(id::text, 20) AS x"""
ADD_WITH_NUMBER = ADD_USER.replace("_hash)", "_hash, full_name)").replace("'x' FROM", "'x', 1 FROM")
READ_USERS = "SELECT count(*) FROM (SELECT FROM users LIMIT 10) AS ten"


@pytest.mark.parametrize("concurrent_index", [False, True])
def test_16_simultaneous_upgrades_20_times(
    databases: Databases, tmp_path: Path, concurrent_index: bool
) -> None:
    checkout = make_checkout(tmp_path / "checkout") if concurrent_index else ROOT
    catalogs = []
    for _ in range(20):
        with databases.create() as engine:
            runs = [start_alembic(engine, "upgrade", "head", cwd=checkout) for _ in range(16)]
            outputs = [finish(run, expect=0) for run in runs]
            assert sum("nothing to do" in output for output in outputs) == 15
            catalogs.append(catalog_of(engine))
    assert all(catalog == catalogs[0] for catalog in catalogs)


def test_upgrade_behind_a_lock_of_30_seconds_never_queues_the_application_for_long(
    migrated_engine: Engine, tmp_path: Path
) -> None:
    checkout = make_checkout(tmp_path / "checkout")
    new = Revisions(checkout / "versions").add_sql("ALTER TABLE users ADD COLUMN more int")
    command.upgrade(config_of(checkout, migrated_engine), "head-1")
    execute(migrated_engine, ADD_USER)
    with (
        Load(migrated_engine, *[ADD_USER] * 2, *[READ_USERS] * 2) as load,
        holding(migrated_engine, "UPDATE users SET full_name = 'x'") as holder,
    ):
        pid = pid_of(holder)
        run = start_alembic(
            migrated_engine, "upgrade", "head", cwd=checkout, DATABASE_LOCK_TIMEOUT="1800ms"
        )
        time.sleep(30)
        assert run.poll() is None
        holder.rollback()
        released = time.monotonic()
        said = finish(run, expect=0)
        assert time.monotonic() - released < 30
    assert revision_of(migrated_engine) == new
    assert f"blocked by pid {pid} (postgres at" in said
    print(f"{load.done} transactions beside the upgrade, the longest {load.longest:.2f} s")
    assert load.errors == []
    assert load.done > 1_000
    assert load.longest < 1.8 + 0.5  # what two busy cores add


@pytest.mark.parametrize("seconds_later", [0.2, 0.9, 1.1, 1.6])
def test_application_is_never_the_victim_of_a_deadlock(
    migrated_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    monkeypatch: pytest.MonkeyPatch,
    seconds_later: float,
) -> None:
    monkeypatch.setenv("DATABASE_LOCK_TIMEOUT", "1800ms")
    revisions.add_sql("LOCK TABLE teams", "LOCK TABLE users")
    with holding(migrated_engine, "LOCK TABLE users IN ROW EXCLUSIVE MODE") as application:
        pid = pid_of(application)
        upgrade = threading.Thread(
            target=command.upgrade, args=(config_for(migrated_engine), "head")
        )
        upgrade.start()
        wait_until(migrated_engine, f"SELECT {pid} = ANY (pg_blocking_pids(pid)) FROM pg_locks")
        time.sleep(seconds_later)
        application.exec_driver_sql("LOCK TABLE teams IN ROW EXCLUSIVE MODE")
        application.commit()
    upgrade.join(timeout=60)
    assert revision_of(migrated_engine) == revisions.head


@pytest.fixture
def vacuumed_engine(server_place: Path) -> Iterator[Engine]:
    """A database on a server that looks every second for a table to vacuum."""
    directory = server_place / "vacuumed"
    url = embedded_server.start(directory, settings={**FAST, "autovacuum_naptime": "1"})
    engine = create_engine(psycopg2_url(url), poolclass=NullPool)
    yield engine
    embedded_server.release(directory)


@pytest.mark.skipif(not embedded_server.is_installed(), reason="needs a server of its own")
def test_autovacuum_gives_way(
    vacuumed_engine: Engine,
    config_for: ConfigFor,
    revisions: Revisions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_LOCK_TIMEOUT", "1800ms")
    monkeypatch.setenv("DATABASE_LOCK_ATTEMPTS", "1")
    command.upgrade(config_for(vacuumed_engine), "head")
    execute(
        vacuumed_engine,
        # As slow as a vacuum of a large table.
        "CREATE TABLE large (id int, filling text) WITH (autovacuum_vacuum_cost_delay = 100,"
        " autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 1)",
        "INSERT INTO large SELECT n, repeat('x', 500) FROM generate_series(1, 20000) AS n",
        "DELETE FROM large WHERE mod(id, 2) = 0",
    )
    vacuuming = "SELECT relid = 'large'::regclass FROM pg_stat_progress_vacuum"
    wait_until(vacuumed_engine, vacuuming, seconds=60)
    revisions.add_sql("ALTER TABLE large ADD COLUMN extra int")
    command.upgrade(config_for(vacuumed_engine), "head")
    assert revision_of(vacuumed_engine) == revisions.head


def test_no_write_waits_while_a_million_rows_are_asked(
    migrated_engine: Engine, config_for: ConfigFor, revisions: Revisions
) -> None:
    execute(
        migrated_engine,
        "INSERT INTO users (email, username, password_hash, full_name)"
        " SELECT n || '@example.com', n, 'x', n FROM generate_series(1, 1000000) AS n",
    )
    guards = [
        guard(
            "unique index users.lower",
            "SELECT array_agg(id) AS key, count(*) AS rows FROM users"
            " GROUP BY lower(email) HAVING count(*) > 1",
        ),
        guard("check users.c", "SELECT id AS key FROM users WHERE NOT (credit_balance >= -1)"),
        guard(
            "column users.full_name",
            "SELECT id AS key FROM users WHERE NOT pg_input_is_valid(full_name, 'integer')",
            tried="full_name::integer",
            into="integer",
            table="users",
            key="id",
        ),
    ]
    revisions.add(*guards, "pass")
    config = config_for(migrated_engine)
    update = "UPDATE users SET last_login_at = now() WHERE username = '{}'"
    with Load(migrated_engine, ADD_WITH_NUMBER, *map(update.format, ("7", "999999"))) as load:
        started = time.monotonic()
        command.upgrade(config, "head")
        took = time.monotonic() - started
    print(f"{load.done} writes, the longest {load.longest:.3f} s; asked in {took:.1f} s")
    assert load.errors == []
    assert took > 1
    assert load.longest < 0.5  # what two busy cores add


def guard(rule: str, find: str, **more: str) -> str:
    count = {"count": "sum(rows)"} if "AS rows" in find else {}
    named = {"misfits": "rows", "find": find, "fix": "Mend them", **count, **more}
    return f"op.guard({rule!r}, **{named!r})"
