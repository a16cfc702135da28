"""Databases for tests: one migrated as a template, cloned for each test that wants its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine, create_engine

ROOT = Path(__file__).parents[2]
# Of the databases of this process.
PREFIX = f"test_{os.getpid()}_"
_numbers = count(1)


def make_config(where: Engine | URL | str) -> Config:
    """Return Alembic's configuration of the project, for the database ``where``."""
    url = where.url if isinstance(where, Engine) else where
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", text.replace("%", "%%"))
    return config


class Databases:
    """Creates and drops databases on the test server."""

    def __init__(self, server: URL) -> None:
        self.server = server
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT")

    @contextmanager
    def create(self, template: str = "template0", encoding: str = "UTF8") -> Iterator[Engine]:
        """Yield an engine on a new database copied from ``template``; drop the database after."""
        name = f"{PREFIX}{next(_numbers)}"
        # The server's locale may fit UTF8 only.
        locale = "" if encoding == "UTF8" else " LC_COLLATE 'C' LC_CTYPE 'C'"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING {encoding}{locale}')
        engine = create_engine(self.server.set(database=name))
        try:
            yield engine
        finally:
            engine.dispose()
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Yield the name of a database at head, made by ``alembic upgrade head``."""
        with self.create() as engine:
            command.upgrade(make_config(engine), "head")
            # As autovacuum does in time; queries of the catalog are several times faster then.
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
            # A database that someone is connected to is no template.
            engine.dispose()
            yield str(engine.url.database)

    def dispose(self) -> None:
        """Close the administrator's connections."""
        self._admin.dispose()

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)
