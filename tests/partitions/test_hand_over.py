"""pg_partman takes over as docs/dba.md says, and report and retire go on."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from tests.docs.guide import blocks
from tests.partitions.database import ensure, partitions, scalar, strand
from tests.partitions.test_owner import owner
from tests.runner.database import execute
from tests.support.commands import copy_checkout, run_alembic, run_python, url_of
from tests.support.databases import ROOT

__all__ = ["owner"]

ROUTINE = Path("app/db/functions/ensure_partitions.sql")
AVAILABLE = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_partman'"


def test_revision_drops_what_made_the_months_and_the_rest_goes_on(
    bare_engine: Engine, tmp_path: Path
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    url = {"DATABASE_URL": url_of(bare_engine)}
    (checkout / ROUTINE).unlink()
    written = run_alembic("revision", "--autogenerate", "-m", "Hand over", cwd=checkout, **url)
    assert written.returncode == 0, written.stderr
    for command in ("upgrade", "head"), ("check",):
        run = run_alembic(*command, cwd=checkout, **url)
        assert run.returncode == 0, run.stderr
        assert "WARN" not in run.stderr
    with bare_engine.connect() as connection:
        assert partitions(connection, "usage_logs", "%_p%") == {}
    for action, code in (["report"], 1), (["retire", "--older-than", "1 year"], 0), (["ensure"], 2):
        run = run_python("-m", "app", "partitions", *action, cwd=checkout, **url)
        assert run.returncode == code, run.stderr
        assert "older revision" not in run.stderr


@pytest.mark.tools
def test_pg_partman_makes_the_next_months(
    owner: Connection, empty_engine: Engine, make_config: Callable[[Engine], Config]
) -> None:
    if scalar(owner, AVAILABLE) == 0:
        pytest.skip("the server has no pg_partman")
    as_superuser, as_owner = partman_blocks(str(owner.engine.url.username))
    before, now = scalar(owner, "SELECT now() - interval '2 months'"), scalar(owner, "SELECT now()")
    strand(owner, before, before)
    assert ensure(owner, 3, now).moved == 1
    execute(empty_engine, as_superuser)
    made = partitions(owner, "usage_logs", "%_p%")
    with create_engine(owner.engine.url, poolclass=NullPool).connect() as session:
        session.execution_options(isolation_level="AUTOCOMMIT")
        for statement in as_owner.split(";"):
            if statement.strip():
                session.exec_driver_sql(statement)
        session.exec_driver_sql("UPDATE partman.part_config SET premake = 6")
        session.exec_driver_sql("CALL partman.run_maintenance_proc()")
        more = partitions(owner, "usage_logs", "%_p%")
        assert made.items() < more.items()
        owners = (
            "SELECT count(*) FROM pg_class, pg_partition_tree('usage_logs') AS tree"
            " WHERE oid = tree.relid AND pg_get_userbyid(relowner) <> current_user"
        )
        assert scalar(session, owners) == 0
        session.exec_driver_sql("ALTER TABLE usage_logs ADD COLUMN note text")
        session.exec_driver_sql("ALTER TABLE usage_logs DROP COLUMN note")
        assert ensure(owner, 6, now).created == 0
        earlier = scalar(owner, "SELECT now() - interval '4 months'")
        strand(owner, earlier, earlier)
        session.exec_driver_sql("CALL partman.partition_data_proc('public.usage_logs')")
    assert scalar(owner, "SELECT count(*) FROM usage_logs_default") == 0
    run = run_alembic("check", DATABASE_URL=url_of(empty_engine))
    assert run.returncode == 0, run.stdout


def partman_blocks(role: str) -> list[str]:
    """Return what the guide has superuser and owner execute, for ``role`` as both its roles."""
    found = [block.text for block in blocks(ROOT / "docs" / "dba.md") if "partman" in block.text]
    return [re.sub(r"\bcreativeflow_(owner|deploy)\b", role, text) for text in found]
