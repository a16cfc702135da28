"""What ``env.py`` runs: online and offline runs share one configuration (SDS 6.2, R20 to R23)."""

import logging
from contextlib import nullcontext
from logging.config import fileConfig
from typing import Any

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import SQLAlchemyError

from .command_line.failing import tell_once
from .compat import MultipleHeads, running_command
from .installation import HOME

# These register the operations of the project's own.
from .revisions import partitioned_constraint, partitioned_index  # noqa: F401
from .revisions.empty import is_empty_ok
from .revisions.heads import require_chain, several_heads
from .revisions.misfits import GUARD
from .revisions.numbers import number_revisions
from .runner.look import look
from .runner.migrate import migrate
from .runner.offline import emit_guard, follow, guard_transactions
from .runner.options import find_options
from .server.connection import connect, require_usable, schema_name
from .server.parameters import percent_parameters
from .server.url import find_database_url

log = logging.getLogger(__name__)


def run() -> None:
    """Run the command that Alembic is at.

    Raises:
        CommandError: what is wrong, what was left untouched, and what to do.
    """
    try:
        Environment().run()
    except CommandError as error:
        if isinstance(error.__cause__, MultipleHeads):
            raise several_heads(context.script) from error
        raise


class Environment:
    """The environment of the running command."""

    def __init__(self) -> None:
        self.config = context.config
        self.x_arguments = context.get_x_argument(as_dictionary=True)
        # What the command told Alembic shows once a context is configured.
        context.configure(dialect_name="postgresql")
        self.command = running_command(context.get_context())

    def run(self) -> None:
        """Run the command."""
        # Only Alembic's own commands: who calls one from Python has a logging of their own.
        if self.config.config_file_name is not None and hasattr(self.config.cmd_opts, "cmd"):
            tell_once()
            says_how = self.config.file_config.has_section("loggers")
            file = self.config.config_file_name if says_how else HOME / "alembic.ini"
            fileConfig(file, disable_existing_loggers=False)
        require_chain(context.script)
        empty_ok = is_empty_ok(self.x_arguments)
        number_revisions(context.script, self.command.revision, empty_ok=empty_ok)
        if context.is_offline_mode():
            self.run_offline()
        # `merge` and plain `revision` need no database.
        elif self.command.compares or not self.command.writes:
            self.run_online()

    def configure(self, **how: Any) -> None:
        """Configure the run; the models are loaded only for the commands that compare (R21)."""
        options: dict[str, Any] = {"transaction_per_migration": True, **how}
        if self.command.compares:
            from .autogenerate import configure_options

            options |= configure_options(self.x_arguments)
            options |= {"target_metadata": self.load_models(), "guarded": True}
        context.configure(**options)

    def run_offline(self) -> None:
        """Write the SQL script of the migrations to standard output."""
        self.configure(
            dialect_name="postgresql",
            dialect_opts={"paramstyle": "named"},
            literal_binds=True,
            on_version_apply=follow,
            **{GUARD: emit_guard},
        )
        guarded = guard_transactions(
            context.get_context(),
            schema_name(self.x_arguments),
            find_options(self.config, self.x_arguments),
        )
        with context.begin_transaction():
            context.run_migrations()
        if self.command.upgrades:
            guarded.emit_maintenance()

    def run_online(self) -> None:
        """Run the command on the caller's connection or engine, else on one of its own."""
        given: Connection | Engine | None = self.config.attributes.get("connection")
        if given is not None:
            with given.connect() if isinstance(given, Engine) else nullcontext(given) as connection:
                self.run_on(connection, require_usable(connection, schema=None))
        else:
            schema = schema_name(self.x_arguments)
            database = find_database_url(self.config, self.x_arguments)
            with connect(database, schema) as connection:
                self.run_on(connection, database.in_words(require_usable(connection, schema)))

    def run_on(self, connection: Connection, server: str) -> None:
        """Run the command on ``connection``; ``server`` says in words where that is."""
        with percent_parameters(connection):
            if self.command.migrates:
                options = find_options(self.config, self.x_arguments)
                # The plan rehearses revisions on a database that nobody will use.
                maintain = self.config.attributes.get("maintain", True)
                migrate(connection, options, self.configure, server, maintain=maintain)
            else:
                look(connection, self.configure, server)

    def load_models(self) -> MetaData:
        """Return the metadata of the models, and say what they do not export.

        Raises:
            CommandError: a model contradicts itself, such as an index on a column it does not have;
                or ``check`` finds one that is not exported.
        """
        try:
            from . import models
            from .db.exports import forgotten_exports
        except SQLAlchemyError as error:
            raise CommandError(
                f"A model cannot be built: {error}\nNothing was compared."
            ) from error
        for forgotten in forgotten_exports(models.__name__, models.Base):
            if self.command.checks:
                raise CommandError(f"{forgotten}\nNothing was compared.")
            log.warning(forgotten)
        return models.Base.metadata
