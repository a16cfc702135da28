"""Who may call the routines, as whom they run, and who gets what they make."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.models import Base
from app.server.embedded.server import binary
from tests.partitions.database import NOW, ensure, scalar, strand
from tests.partitions.test_owner import owner
from tests.runner.database import execute
from tests.support.commands import run_alembic, url_of
from tests.support.databases import ROOT
from tests.support.psql import psql

__all__ = ["owner"]

ROUTINES = """\
SELECT oid::regprocedure::text, prosecdef, proconfig::text,
       ARRAY(SELECT grantee::regrole::text
             FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) ORDER BY 1)::text
FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1"""
PUBLIC = "-"
COMMITTING = ("ensure_partitions", "retire_partitions")


def routines(engine: Engine) -> list[tuple[str, bool, str | None, str]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(ROUTINES)]


def test_what_touches_tables_runs_as_its_owner_for_its_owner(shared_engine: Engine) -> None:
    found = routines(shared_engine)
    assert len(found) > 20
    for signature, as_owner, settings, callers in found:
        name = signature.partition("(")[0]
        if name == "set_updated_at":
            continue
        assert (PUBLIC in callers) == (not as_owner and name not in COMMITTING), signature
        if name in COMMITTING:
            assert settings is None
        else:
            assert 'search_path=pg_catalog, pg_temp"' in str(settings)


def test_models_script_and_ddl_make_them_alike(
    shared_engine: Engine, empty_engine: Engine, make_config: Callable[[Engine], Config]
) -> None:
    def emptied() -> Engine:
        execute(empty_engine, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return empty_engine

    expected = routines(shared_engine)
    Base.metadata.create_all(empty_engine)
    assert routines(empty_engine) == expected
    assert psql(emptied(), "--file", str(ROOT / "ddl" / "schema.sql")).returncode == 0
    assert routines(empty_engine) == expected
    script = run_alembic("upgrade", "head", "--sql").stdout
    assert psql(emptied(), script=script).returncode == 0
    assert routines(empty_engine) == expected


def test_way_down_gives_all_callers_back(
    empty_engine: Engine, make_config: Callable[[Engine], Config]
) -> None:
    command.upgrade(make_config(empty_engine), "0003")
    before = routines(empty_engine)
    assert all(PUBLIC in row[3] for row in before)
    command.upgrade(make_config(empty_engine), "0004")
    command.downgrade(make_config(empty_engine), "0003")
    assert routines(empty_engine) == before


def test_routines_keep_their_owner_whoever_migrates(
    owner: Connection, empty_engine: Engine, make_config: Callable[[Engine], Config]
) -> None:
    role = owner.engine.url.username
    owners = (
        "SELECT DISTINCT pg_get_userbyid(proowner) FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace"
    )
    for target in ("0003", "0004"):
        getattr(command, "downgrade" if target == "0003" else "upgrade")(
            make_config(empty_engine), target
        )
        assert scalar(owner, owners) == role
    assert ensure(owner).created == 3


@contextmanager
def role_of(empty_engine: Engine, name: str) -> Iterator[Engine]:
    """Connect as another role, which may nothing yet."""
    role = f"{name}_of_{empty_engine.url.database}"
    execute(empty_engine, f"CREATE ROLE {role} LOGIN PASSWORD 'any' NOSUPERUSER")
    url = empty_engine.url.set(username=role, password="any")
    yield create_engine(url, poolclass=NullPool)
    execute(empty_engine, f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


@pytest.mark.parametrize(
    "call",
    [
        "CALL ensure_partitions()",
        "CALL retire_partitions('1 year')",
        "SELECT partition_report()",
        "SELECT retirable_partitions('1 year')",
        "SELECT run_next_task('{}')",
    ],
)
def test_stranger_may_not_call(owner: Connection, empty_engine: Engine, call: str) -> None:
    with role_of(empty_engine, "stranger") as stranger:
        with stranger.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.exec_driver_sql(call)
        with stranger.connect() as connection:
            assert scalar(connection, "SELECT count(*) FROM time_partitions()") == 12


def test_monitor_needs_the_report_alone(
    owner: Connection, empty_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.__main__ import main

    with role_of(empty_engine, "monitor") as monitor:
        monkeypatch.chdir(ROOT)
        monkeypatch.setenv("DATABASE_URL", url_of(monitor))
        assert main(["partitions", "report"]) == 2
        owner.exec_driver_sql(
            f"GRANT EXECUTE ON FUNCTION partition_report TO {monitor.url.username}"
        )
        assert main(["partitions", "report"]) == 0
        assert main(["partitions", "ensure"]) == 2


def test_readers_dump_has_what_a_superuser_made(owner: Connection, empty_engine: Engine) -> None:
    with role_of(empty_engine, "reader") as reader:
        name = reader.url.username
        owner.exec_driver_sql(
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name};"
            f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};"
            f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {name}"
        )
        strand(owner, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
        with empty_engine.connect() as superuser:
            assert ensure(superuser.execution_options(isolation_level="AUTOCOMMIT")).moved == 28
        with empty_engine.connect() as connection:
            version = int(scalar(connection, "SHOW server_version_num")) // 10_000
        program = binary("pg_dump", version=16 if version < 17 else 18)
        url = url_of(reader)
        dump = subprocess.run([program, url], capture_output=True, text=True, check=False)
        assert dump.returncode == 0, dump.stderr
        assert "usage_logs_p20710201" in dump.stdout
        execute(empty_engine, f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner.engine.url.username}"
                f" REVOKE SELECT ON TABLES FROM {name}")  # fmt: skip


def test_rows_stay_where_the_owner_may_make_no_temporary_table(
    owner: Connection, empty_engine: Engine
) -> None:
    from app.partitions.messages import long_call

    strand(owner, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    execute(empty_engine, f"REVOKE TEMPORARY ON DATABASE {empty_engine.url.database} FROM PUBLIC")
    warnings: list[str] = []
    with long_call(owner, "warning", warnings.append):
        assert ensure(owner, 0, NOW) == (2, 0, 1)
    assert "permission denied to create temporary tables in database" in warnings[0]
