"""A project as ``alembic init`` makes one, with models of its own, in a schema of its own."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, event

from app.autogenerate import configure_options
from app.autogenerate.changes.kinds import make_again
from app.catalog.differences import compare, describe
from app.catalog.reparse import same_when_reparsed
from app.catalog.snapshot import Snapshot, snapshot

ENVIRONMENT = "from alembic import context\n\ncontext.config.attributes['run']()\n"
TEMPLATE = '''\
"""${message}"""
import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
Models = MetaData | Sequence[MetaData]


class Project:
    """Alembic's commands for ``models``, which tests put others in the place of."""

    def __init__(self, directory: Path, engine: Engine, schema: str, **options: Any) -> None:
        self.directory, self.engine, self.schema, self.options = directory, engine, schema, options
        self.models: Models = MetaData()
        self.x: dict[str, str] = {}
        (directory / "versions").mkdir(parents=True)
        (directory / "env.py").write_text(ENVIRONMENT)
        (directory / "script.py.mako").write_text(TEMPLATE)
        self.config = Config()
        self.config.set_main_option("script_location", str(directory))
        self.config.set_main_option("path_separator", "os")
        self.config.attributes["run"] = self._run
        self._execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')

    def _execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Yield a connection that works in the project's schema."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f'SET search_path TO "{self.schema}"')
            connection.commit()
            yield connection
            connection.rollback()
            connection.exec_driver_sql("RESET search_path")
            connection.commit()

    def _run(self) -> None:
        with self.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=self.models,
                transaction_per_migration=True,
                **{**configure_options(self.x), **self.options},
            )
            with context.begin_transaction():
                context.run_migrations()

    def create(self, models: MetaData) -> None:
        """Make ``models`` as they make themselves."""
        with self.connect() as connection:
            models.create_all(connection, checkfirst=False)
            connection.commit()
        self.models = models

    def drop(self) -> None:
        """Drop the schema and all in it."""
        self._execute(f'DROP SCHEMA "{self.schema}" CASCADE')

    def execute(self, *statements: str) -> None:
        """Execute ``statements`` behind Alembic's back."""
        with self.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.commit()

    def catalog(self) -> Snapshot:
        """Return the objects of the project's schema."""
        version_table = self.options.get("version_table", "alembic_version")
        if self.options.get("version_table_schema", self.schema) != self.schema:
            version_table = None
        with self.connect() as connection:
            return snapshot(connection, self.schema, version_table)

    def require(self, expected: Snapshot, written: Sequence[Path] = ()) -> None:
        """Require that the schema is as ``expected``, but for how often a text was parsed."""
        found = self.catalog()
        differences = compare(expected, found)
        with self.connect() as connection:
            same = same_when_reparsed(
                connection, self.schema, differences, found, expected, make_again
            )
        left = [each for each in differences if each.identity not in same]
        assert not left, f"{describe(left, expected='expected', found='found')}\n{text_of(written)}"

    def check(self) -> None:
        """Run ``alembic check``."""
        command.check(self.config)

    def write(self) -> list[Path]:
        """Run ``alembic revision --autogenerate``, and return the files it wrote."""
        before = set(self.files())
        command.revision(self.config, "change", autogenerate=True)
        return [path for path in self.files() if path not in before]

    def files(self) -> list[Path]:
        """Return all revisions, in the order in which they were written."""
        found = (self.directory / "versions").glob("*.py")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def upgrade(self, target: str = "head") -> None:
        """Run ``alembic upgrade``."""
        command.upgrade(self.config, target)

    def downgrade(self, target: str) -> None:
        """Run ``alembic downgrade``."""
        command.downgrade(self.config, target)

    def change(self, models: Models) -> str:
        """Go to ``models``, down again and up, each time exactly; return what was written."""
        kept = self.models
        told = said(models)
        self.models = models
        states = [self.catalog()]
        written = self.write()
        for _ in written:
            self.upgrade("+1")
            states.append(self.catalog())
        self.check()
        for before in reversed(states[:-1]):
            self.downgrade("-1")
            self.require(before, written)
        if written:
            self.upgrade()
        self.require(states[-1], written)
        assert said(models) == told, "the user's metadata was changed"
        assert said(kept) is not None
        return text_of(written)


def text_of(files: Sequence[Path]) -> str:
    """Return what ``files`` say."""
    return "\n".join(path.read_text() for path in files)


def said(models: Models) -> list[str]:
    """Return all that ``models`` say, as far as it shows."""
    each = [models] if isinstance(models, MetaData) else models
    return [
        repr((table, sorted(map(repr, table.constraints)), sorted(map(repr, table.indexes))))
        for metadata in each
        for table in metadata.tables.values()
    ]


def handler(target: Any, name: str, sql: str) -> None:
    """Have ``target`` execute ``sql`` before or after it is created."""
    escaped = sql.replace("%", "%%")
    event.listen(target, name, lambda _target, connection, **_: connection.exec_driver_sql(escaped))


def slug(name: str) -> str:
    """Return ``name`` as part of a schema's name."""
    return re.sub(r"\W+", "_", name.lower())[:40]


Build = Callable[[MetaData], object]


def built(build: Build) -> MetaData:
    """Return new metadata with what ``build`` puts into it."""
    metadata = MetaData()
    build(metadata)
    return metadata
