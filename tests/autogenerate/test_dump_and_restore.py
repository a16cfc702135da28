"""A database that was dumped and restored is no different."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.catalog.differences import compare, describe
from app.catalog.snapshot import snapshot
from tests.support.commands import url_of
from tests.support.psql import programs


def test_dump_and_restore_is_no_difference(
    shared_engine: Engine,
    empty_engine: Engine,
    make_config: Callable[[Engine], Config],
    tmp_path: Path,
) -> None:
    dump = tmp_path / "dump.sql"
    with shared_engine.connect() as connection:
        before = snapshot(connection, "public")
        version = connection.dialect.server_version_info
    directory = programs(int(version[0]) if version else 16)
    for name, engine, arguments in (
        ("pg_dump", shared_engine, ["--file", str(dump)]),
        ("psql", empty_engine, ["-v", "ON_ERROR_STOP=1", "--file", str(dump)]),
    ):
        subprocess.run(
            [directory / name, *arguments, url_of(engine)], check=True, capture_output=True
        )
    with empty_engine.connect() as connection:
        assert describe(compare(before, snapshot(connection, "public"))) == ""
        config = make_config(empty_engine)
        config.attributes["connection"] = connection
        command.check(config)
