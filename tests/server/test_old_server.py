"""A server older than the schema needs: whatever is run on it says so and changes nothing."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from app.server.embedded.install import is_root, server_account
from tests.support.commands import run_alembic, url_of
from tests.support.databases import ROOT
from tests.support.psql import psql
from tests.support.server import psycopg2_url

OLD_VERSIONS = ("15", "14", "13")


@pytest.fixture
def old_server(place: Path) -> Iterator[Engine]:
    """A server older than the schema needs."""
    if given := os.environ.get("TEST_OLD_DATABASE_URL"):
        yield create_engine(psycopg2_url(given))
        return
    found = [shutil.which("postgres", path=f"/usr/lib/postgresql/{v}/bin") for v in OLD_VERSIONS]
    binaries = next((Path(path).parent for path in found if path), None)
    if binaries is None:
        pytest.skip("no PostgreSQL older than 16: install one or set TEST_OLD_DATABASE_URL")
    uid, gid = server_account()
    if is_root():
        os.chown(place, uid, gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / program, "-D", place / "data", *arguments],
            user=uid if is_root() else None,
            group=gid if is_root() else None,
            extra_groups=[] if is_root() else None,
            stdout=subprocess.DEVNULL,
            cwd=place,
            check=True,
        )

    run("initdb", "-U", "postgres", "--auth=trust", "--no-sync")
    options = f"-F -k {place} -c listen_addresses=''"
    run("pg_ctl", "-w", "-l", str(place / "log"), "-o", options, "start")
    engine = create_engine(psycopg2_url(f"postgresql://postgres@/postgres?host={place}"))
    yield engine
    engine.dispose()
    run("pg_ctl", "-m", "immediate", "stop")


def is_empty(server: Engine) -> bool:
    with server.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass"
            " AND refobjid = 'public'::regnamespace"
        )
        return found.scalar() == 0


def test_upgrade_is_refused(old_server: Engine) -> None:
    result = run_alembic("upgrade", "head", DATABASE_URL=url_of(old_server))
    said = result.stdout + result.stderr
    assert result.returncode != 0
    assert "is too old: the schema needs 16 or later" in said
    assert "Nothing was changed." in said
    assert "Traceback" not in said
    assert is_empty(old_server)


def test_reference_ddl_is_refused(old_server: Engine) -> None:
    result = psql(old_server, "--file", "ddl/schema.sql")
    assert result.returncode == 3
    assert result.stderr.count("ERROR") == 1
    assert re.search(r"PostgreSQL 1\d.* is too old: this schema needs 16 or later", result.stderr)
    assert "HINT:  Nothing was changed." in result.stderr
    assert is_empty(old_server)


def test_offline_script_is_refused(old_server: Engine) -> None:
    script = run_alembic("upgrade", "head", "--sql", DATABASE_URL=url_of(old_server)).stdout
    result = psql(old_server, script=script)
    assert "is too old: this schema needs 16 or later" in result.stderr
    assert is_empty(old_server)


def test_reference_ddl_is_refused_by_what_the_server_says_of_itself(
    shared_engine: Engine, tmp_path: Path
) -> None:
    """The same where no old server is at hand: the schema would need a later one than this."""
    script = shutil.copytree(ROOT / "ddl", tmp_path / "ddl") / "schema.sql"
    script.write_text(script.read_text().replace("160000", "990000"))
    result = psql(shared_engine, "--file", str(script))
    assert result.returncode == 3
    assert result.stderr.count("ERROR") == 1
    assert "is too old" in result.stderr
