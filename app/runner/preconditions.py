"""What a run needs of the database, checked before the first change; each has its own message."""

from collections.abc import Sequence

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from ..compat import MigrationStep, RevisionStep
from ..installation import typed
from ..server.quoting import quote_identifier

SHOWN = 5

_PRIVILEGES = """\
SELECT current_schema(), current_user, has_schema_privilege(current_schema(), 'CREATE'),
    to_regclass(quote_ident(current_schema()) || '.alembic_version') IS NOT NULL"""
# What an extension, a table or a type brought along is not counted.
_OBJECTS = """\
WITH object (class, oid, name) AS (
    SELECT 'pg_class'::regclass, oid, relname
    FROM pg_class
    WHERE relnamespace = quote_ident(current_schema())::regnamespace
        AND relkind = ANY ('{r,p,v,m,f,S}')
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, proname
    FROM pg_proc
    WHERE pronamespace = quote_ident(current_schema())::regnamespace
    UNION ALL
    SELECT 'pg_type'::regclass, oid, typname
    FROM pg_type
    WHERE typnamespace = quote_ident(current_schema())::regnamespace AND typtype = ANY ('{d,e,r}')
)
SELECT name::text
FROM object
WHERE NOT EXISTS (
    SELECT FROM pg_depend
    WHERE classid = object.class AND objid = object.oid AND deptype = ANY ('{a,e,i}')
)
ORDER BY name"""


def require_primary(connection: Connection) -> None:
    """Refuse a standby server, which takes no changes.

    Raises:
        CommandError: the server is a standby, or the caller's search_path names no schema.
    """
    standby, schema = connection.exec_driver_sql(
        "SELECT pg_is_in_recovery(), current_schema()"
    ).one()
    if standby:
        raise CommandError(
            "The server is a standby, which takes no changes.\n"
            "Nothing was changed. Connect to the primary; in a URL with several hosts, add "
            "target_session_attrs=read-write."
        )
    if schema is None:
        raise CommandError(
            "The search_path of the connection names no schema that the user may use.\n"
            "Nothing was changed. Set search_path, or GRANT USAGE on the schema to the user."
        )


def require_known(heads: Sequence[str], script: ScriptDirectory) -> None:
    """Refuse a database at a revision that this checkout does not have.

    Raises:
        CommandError: newer code, or another branch, was deployed there.
    """
    known = {revision.revision for revision in script.walk_revisions()}
    unknown = sorted(set(heads) - known)
    if unknown:
        newest = ", ".join(script.get_heads()) or "base"
        raise CommandError(
            f"The database is at revision {', '.join(unknown)}, which this checkout does not know: "
            f"its newest is {newest}. Newer code, or another branch, was deployed there.\n"
            "Nothing was changed. Update this checkout (git pull), or check out the code that has "
            "the revision and downgrade with it first."
        )


def require_ready(connection: Connection, steps: Sequence[MigrationStep], at_base: bool) -> None:
    """Refuse a schema that the steps cannot, or should not, be applied to.

    ``at_base``: the database is at no revision.

    Raises:
        CommandError: the user may not create objects in the schema, or it holds objects that no
            migration made.
    """
    schema, user, may_create, has_version_table = connection.exec_driver_sql(_PRIVILEGES).one()
    upgrades = any(isinstance(step, RevisionStep) and step.is_upgrade for step in steps)
    if not may_create and (upgrades or not has_version_table):
        raise CommandError(
            f"User {user} may not create objects in schema {schema}.\n"
            "Nothing was changed. Let the schema's owner run: GRANT USAGE, CREATE ON SCHEMA "
            f"{quote_identifier(schema)} TO {quote_identifier(user)};"
        )
    if upgrades and at_base and not has_version_table:
        objects = connection.exec_driver_sql(_OBJECTS).scalars().all()
        if objects:
            more = f" and {len(objects) - SHOWN} more" if len(objects) > SHOWN else ""
            raise CommandError(
                f"Schema {schema} is not empty, yet no migration ever ran there: it holds "
                f"{', '.join(objects[:SHOWN])}{more}.\n"
                "Nothing was changed. If it is this project's schema, adopt it: "
                f"{typed('stamp head')}, then {typed('check')}, which lists every difference. If "
                "these objects are none of the project's and may stay beside its own: "
                f"{typed('stamp base')}, then upgrade."
            )
