"""The backup role dumps everything, and what is restored is equal."""

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.catalog.snapshot import snapshot
from app.server.embedded.install import binary
from tests.partitions.database import rows_of
from tests.roles.roles import KINDS, Roles, archive_a_month, ok
from tests.schema import catalog
from tests.schema.documents import TABLES
from tests.schema.rows import make_row
from tests.support.commands import url_of
from tests.support.databases import Databases

TABLES_WITH_ROWS = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'archive'::regnamespace)"""


def run(program: str, engine: Engine, *arguments: str) -> None:
    with engine.connect() as connection:
        version = connection.dialect.server_version_info
    major = int(version[0]) if version else 16
    result = subprocess.run(
        [binary(program, version=16 if major < 17 else 18), "--dbname", url_of(engine), *arguments],
        env=os.environ | {"PGPASSWORD": engine.url.password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")


def contents(engine: Engine) -> tuple[dict[str, dict[str, str]], dict[str, set[str]]]:
    """Return the objects of both schemas and the rows of each table in them."""
    with engine.connect() as connection:
        objects = {
            schema: {str(key): text for key, text in snapshot(connection, schema).items()}
            for schema in ("public", "archive")
        }
        tables = catalog.names(connection, TABLES_WITH_ROWS)
        return objects, {table: rows_of(connection, table) for table in tables}


@pytest.mark.parametrize("arguments", [(), ("--no-owner",)])
def test_dump_by_the_backup_role_is_whole(
    own: Roles, databases: Databases, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ok(own.run())
    with own.log_in("app").begin() as app:
        for table in TABLES:
            make_row(app, table.name)
    archive_a_month(own.log_in("owner"))
    objects, rows = contents(own.superuser)
    assert rows["archive.usage_logs_p20710201"]
    assert all(rows[t.name] for t in TABLES if not t.partitioned_by)
    dump = str(tmp_path / "dump")
    run("pg_dump", own.log_in("backup"), "--format=custom", f"--file={dump}")
    before = own.state()
    with databases.create() as restored:
        run("pg_restore", restored, "--exit-on-error", *arguments, dump)
        assert contents(restored) == (objects, rows)
        again = Roles(restored)
        said = ok(again.run(*(f"{kind}={own[kind]}" for kind in KINDS)))
        assert len(said) == (2 if arguments else 1)
        assert privileges(again) == privileges(own)
    assert own.state() == before


def privileges(roles: Roles) -> set[tuple[object, ...]]:
    """Return what the script has changed other than in the database itself and in roles."""
    kept = {"schema", "relation", "column", "routine", "default"}
    return {entry for entry in roles.state() if entry[0] in kept and "pg_toast" not in str(entry)}
