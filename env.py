"""Alembic's environment: online and offline runs share one configuration (SDS 6.2, R20 to R23)."""

from contextlib import nullcontext
from logging.config import fileConfig
from typing import Any

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import SQLAlchemyError

from app.compat import running_command
from app.revisions import partitioned_index  # noqa: F401  registers op.create_partitioned_index
from app.revisions.numbers import number_revisions
from app.runner.look import look
from app.runner.migrate import migrate
from app.runner.offline import follow, guard_transactions
from app.runner.options import find_options
from app.server.connection import connect, require_usable, schema_name
from app.server.parameters import percent_parameters
from app.server.url import find_database_url

config = context.config
x_arguments = context.get_x_argument(as_dictionary=True)

# What the running command told Alembic shows once a context is configured.
context.configure(dialect_name="postgresql")
command = running_command(context.get_context())


def configure(**how: Any) -> None:
    """Configure the run; the models are loaded only for the commands that compare (R21)."""
    options: dict[str, Any] = {"transaction_per_migration": True, **how}
    if command.compares:
        from app.autogenerate import configure_options

        options |= configure_options(x_arguments) | {"target_metadata": load_models()}
    context.configure(**options)


def load_models() -> MetaData:
    """Return the metadata of the models.

    Raises:
        CommandError: a model contradicts itself, such as an index on a column it does not have.
    """
    try:
        from app.models import Base
    except SQLAlchemyError as error:
        raise CommandError(f"A model cannot be built: {error}\nNothing was compared.") from error
    return Base.metadata


def run_offline() -> None:
    """Write the SQL script of the migrations to standard output."""
    configure(
        dialect_name="postgresql",
        dialect_opts={"paramstyle": "named"},
        literal_binds=True,
        on_version_apply=follow,
    )
    guarded = guard_transactions(
        context.get_context(), schema_name(x_arguments), find_options(config, x_arguments)
    )
    with context.begin_transaction():
        context.run_migrations()
    if command.upgrades:
        guarded.emit_maintenance()


def run_online() -> None:
    """Run the command on the caller's connection or engine, else on a connection of its own."""
    given: Connection | Engine | None = config.attributes.get("connection")
    if given is not None:
        with given.connect() if isinstance(given, Engine) else nullcontext(given) as connection:
            run_on(connection, schema=None)
    else:
        schema = schema_name(x_arguments)
        with connect(find_database_url(config, x_arguments), schema) as connection:
            run_on(connection, schema)


def run_on(connection: Connection, schema: str | None) -> None:
    """Run the command on ``connection``; ``schema`` is None where the caller chose it."""
    server = require_usable(connection, schema)
    with percent_parameters(connection):
        if command.migrates:
            options = find_options(config, x_arguments)
            # The plan rehearses revisions on a database that nobody will use.
            maintain = config.attributes.get("maintain", True)
            migrate(connection, options, configure, server, maintain=maintain)
        else:
            look(connection, configure, server)


# Only Alembic's own commands: who calls one from Python has a logging of their own.
if config.config_file_name is not None and hasattr(config.cmd_opts, "cmd"):
    fileConfig(config.config_file_name, disable_existing_loggers=False)
number_revisions(context.script, command.revision)
if context.is_offline_mode():
    run_offline()
elif command.compares or not command.writes:  # `merge` and plain `revision` need no database
    run_online()
