"""Offline scripts (``--sql``) that refuse a database they were not written for (R22).

A script run by psql without ON_ERROR_STOP goes on after an error, so the check stands inside each
transaction, before its first change: there it makes the whole transaction fail. A counter in the
session makes every later transaction fail too, even one that would fit the database as it is.
"""

from typing import Any

from alembic.ddl.postgresql import PostgresqlImpl
from alembic.runtime.migration import MigrationContext

from app.db.connection import MINIMUM_VERSION, quote_identifier

_PROLOGUE = """\
SET search_path TO {schema};
SET alembic.transactions_done TO 0;"""
_GUARD = """\
DO $guard$
DECLARE
    found text[] := '{{}}';
BEGIN
    IF current_setting('server_version_num')::int < {minimum} THEN
        RAISE EXCEPTION 'PostgreSQL % is too old: this schema needs {version} or later',
            current_setting('server_version');
    END IF;
    IF current_setting('alembic.transactions_done', true) IS DISTINCT FROM '{done}' THEN
        RAISE EXCEPTION 'an earlier transaction of this script failed'
            USING HINT = 'This one was not run. See the first error above.';
    END IF;
    IF to_regclass('alembic_version') IS NOT NULL THEN
        SELECT coalesce(array_agg(version_num::text ORDER BY version_num), '{{}}')
        INTO found FROM alembic_version;
    END IF;
    IF found <> ARRAY[{expected}]::text[] THEN
        RAISE EXCEPTION 'this transaction starts at revision {shown}, but the database is at %',
            coalesce(nullif(array_to_string(found, ', '), ''), 'base')
            USING HINT = 'Nothing was changed. Write the script for this database: '
                         'alembic upgrade <its revision>:head --sql';
    END IF;
    PERFORM set_config('alembic.transactions_done', '{now_done}', false);
{at_base}END
$guard$;"""
# The script creates the table itself; a database downgraded to base has an empty one.
_DROP_EMPTY_VERSION_TABLE = "    DROP TABLE IF EXISTS alembic_version;\n"


class GuardedPostgresqlImpl(PostgresqlImpl):
    """Alembic's PostgreSQL output, with a guard at the beginning of every offline transaction."""

    __dialect__ = "postgresql"

    heads: tuple[str, ...] = ()
    transactions_done = 0

    def follow(self, *, heads: set[str], **_: Any) -> None:
        """Note the revisions that the script has brought the database to so far."""
        self.heads = tuple(heads)

    def emit_begin(self) -> None:
        """Emit BEGIN and the block that fails unless the database is exactly at ``heads``."""
        super().emit_begin()
        expected = sorted(self.heads)
        self.static_output(
            _GUARD.format(
                minimum=MINIMUM_VERSION * 10_000,
                version=MINIMUM_VERSION,
                done=self.transactions_done,
                now_done=self.transactions_done + 1,
                expected=", ".join(f"'{head}'" for head in expected),
                shown=", ".join(expected) or "base",
                at_base="" if expected else _DROP_EMPTY_VERSION_TABLE,
            )
        )
        self.transactions_done += 1


def guard_transactions(context: MigrationContext, schema: str) -> None:
    """Make the offline run of ``context`` work in ``schema`` (R23) and guard its transactions."""
    impl = context.impl
    if not isinstance(impl, GuardedPostgresqlImpl):
        raise TypeError(f"no PostgreSQL context: {impl!r}")
    impl.heads = context.get_current_heads()
    impl.static_output(_PROLOGUE.format(schema=quote_identifier(schema)))
    context.on_version_apply_callbacks += (impl.follow,)
