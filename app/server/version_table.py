"""Alembic's version table, which says at which revision a database is."""

from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, text

from .quoting import quote_identifier
from .settings import autocommit

_LACKING = text("""\
SELECT current_user, nspname
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relname = :name AND nspname = coalesce(:schema, current_schema())
    AND NOT has_table_privilege(pg_class.oid, 'SELECT')""")


def require_readable(connection: Connection, context: MigrationContext) -> None:
    """Refuse to look at a database whose version table the user may not read.

    Raises:
        CommandError: so it is; it says what lets the user read it.
    """
    name = context.version_table
    with autocommit(connection):
        lacking = connection.execute(
            _LACKING, {"name": name, "schema": context.version_table_schema}
        ).one_or_none()
    if lacking is not None:
        user, schema = lacking
        raise CommandError(
            f"User {user} may not read {name}, which says at which revision the database is.\n"
            "Nothing was changed. Let the table's owner run: GRANT SELECT ON "
            f"{quote_identifier(schema)}.{quote_identifier(name)} TO {quote_identifier(user)};"
        )
