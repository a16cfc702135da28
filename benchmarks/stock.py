"""Alembic's own comparison with all its options on, to set beside this project's."""

import os
from typing import Any

from alembic.config import Config
from sqlalchemy import Connection, MetaData

from app.server.url import find_database_url
from tests.support.databases import Databases

PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
_PARTITIONS = "SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')"


def stock_options(
    connection: Connection, metadata: MetaData, *, hide_partitions: bool
) -> dict[str, Any]:
    """Return the options for ``context.configure``, perhaps with a filter against partitions."""
    options: dict[str, Any] = {
        "target_metadata": metadata,
        "compare_type": True,
        "compare_server_default": True,
        "autogenerate_plugins": PLUGINS,
    }
    if hide_partitions:
        partitions = set(connection.exec_driver_sql(_PARTITIONS).scalars())
        options["include_name"] = lambda name, kind, _: kind != "table" or name not in partitions
    return options


def throwaway_databases() -> Databases:
    """Return where to create databases: on DATABASE_URL's server, else on the embedded one."""
    databases = Databases(find_database_url(Config(), {}).url)
    # From here on each database is named by its own configuration.
    os.environ.pop("DATABASE_URL", None)
    return databases
