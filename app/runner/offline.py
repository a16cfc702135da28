"""Offline scripts (``--sql``) that refuse a database they were not written for (R22).

A script run by psql without ON_ERROR_STOP goes on after an error, so the check stands inside each
transaction, before its first change: there it makes the whole transaction fail. A counter in the
session makes every later transaction fail too, even one that would fit the database as it is.

What runs between two transactions (CREATE INDEX CONCURRENTLY) finds no table unless the one before
it was committed: outside of them the search_path is empty, and only the check sets it. If it fails,
psql stops: nothing in SQL could tell the transaction after it.
"""

from collections.abc import Collection
from typing import Any

from alembic import context as alembic_context
from alembic.runtime.migration import MigrationContext

from ..compat import PostgresqlImpl, write_postgresql_by
from ..installation import typed
from ..partitions import routines
from ..revisions.guards import GuardOp
from ..revisions.misfits import SKIP
from ..server.quoting import do_block, quote_identifier, quote_literal
from ..server.version import REFUSE_OLDER
from .guarding import ASKING
from .options import Options
from .session import IDENTITY, SETTINGS

_PROLOGUE = """\
SET client_min_messages TO warning;
SET alembic.transactions_done TO 0;
SET search_path TO {search_path};"""
# Each revision starts with the settings and the role of the first. pg_settings has neither these
# nor the counter.
_KEEP_SESSION = """\
BEGIN
    PERFORM set_config('alembic.session', jsonb_agg(ARRAY[name, value])::text, false)
    FROM ({identity} UNION ALL {settings}) AS kept (name, value);
END"""
_PUT_SESSION_BACK = """\
DECLARE
    kept record;
BEGIN
    FOR kept IN
        SELECT value ->> 0 AS name, value ->> 1 AS value
        FROM jsonb_array_elements(current_setting('alembic.session')::jsonb)
    LOOP
        IF current_setting(kept.name) <> kept.value THEN
            PERFORM set_config(kept.name, kept.value, false);
        END IF;
    END LOOP;
END"""
# Each transaction starts with these, whatever the one before it set.
_SETTINGS = """\
SET search_path TO '';
SET lock_timeout TO {lock_timeout};
SET statement_timeout TO {statement_timeout};"""
_GUARD = """\
DECLARE
    found text[] := '{{}}';
BEGIN
{refuse_older}
    IF current_setting('alembic.transactions_done', true) IS DISTINCT FROM '{done}' THEN
        RAISE EXCEPTION 'an earlier transaction of this script failed'
            USING HINT = 'This one was not run. See the first error above.';
    END IF;
    PERFORM set_config('search_path', {search_path}, false);
    IF to_regclass('alembic_version') IS NOT NULL THEN
        SELECT coalesce(array_agg(version_num::text ORDER BY version_num), '{{}}')
        INTO found FROM alembic_version;
    END IF;
    IF found <> ARRAY[{expected}]::text[] THEN
        RAISE EXCEPTION 'this transaction starts at revision %, but the database is at %',
            {shown}, coalesce(nullif(array_to_string(found, ', '), ''), 'base')
            USING HINT = {hint};
    END IF;
    PERFORM set_config('alembic.transactions_done', '{now_done}', false);
{at_base}END"""
# Rows are asked outside the revision's transaction, as in a run.
_ASK = """\
BEGIN READ ONLY;
{settings}
{guard};
COMMIT;"""
_NOT_BEGUN = "Nothing of its revision was changed"
_HINT = "Nothing was changed. Write the script for this database: "
# The script creates the table itself; a database downgraded to base has an empty one.
_DROP_EMPTY_VERSION_TABLE = "    DROP TABLE IF EXISTS alembic_version;\n"
# CALL in a DO outside any transaction: the procedure commits once a month.
_ENSURE_PARTITIONS = """\
DECLARE
    done CONSTANT text := current_setting('alembic.transactions_done', true);
    created integer;
    moved bigint;
    failed integer;
BEGIN
    IF done = '{done}' AND to_regprocedure('{procedure}') IS NOT NULL THEN
        CALL ensure_partitions({months_ahead}, now(), {most_rows}, created, moved, failed);
    END IF;
END"""


@write_postgresql_by
class GuardedPostgresqlImpl(PostgresqlImpl):
    """Alembic's PostgreSQL output, with a guard at the beginning of every offline transaction."""

    heads: tuple[str, ...] = ()
    transactions_done = 0
    search_path = ""
    options = Options()
    outside = False
    stops = False
    step_done = False
    has_begun = False

    def static_output(self, text: str) -> None:
        """Emit ``text``; before the first statement outside of a transaction, have psql stop."""
        self.has_begun = self.has_begun or not text.startswith("--")
        if self.outside and not self.stops:
            self.stops = True
            super().static_output("\\set ON_ERROR_STOP on")
        super().static_output(text)

    def emit_commit(self) -> None:
        """Emit COMMIT."""
        super().emit_commit()
        self.outside = True

    def emit_begin(self) -> None:
        """Emit BEGIN and the block that fails unless the database is exactly at ``heads``."""
        self.outside = False
        self._put_session_back()
        self.static_output(
            _SETTINGS.format(
                lock_timeout=self.options.lock_timeout,
                statement_timeout=self.options.statement_timeout,
            )
        )
        super().emit_begin()
        expected = sorted(self.heads)
        guard = _GUARD.format(
            refuse_older=REFUSE_OLDER,
            done=self.transactions_done,
            now_done=self.transactions_done + 1,
            search_path=quote_literal(self.search_path),
            expected=", ".join(map(quote_literal, expected)),
            shown=quote_literal(", ".join(expected) or "base"),
            hint=quote_literal(_HINT + typed("upgrade <its revision>:head --sql")),
            at_base="" if expected else _DROP_EMPTY_VERSION_TABLE,
        )
        self.static_output(do_block(guard))
        self.transactions_done += 1
        self.has_begun = False

    def emit_maintenance(self) -> None:
        """Emit the call that creates the monthly partitions, if the whole script ran."""
        self.outside = False
        self._put_session_back()
        self.static_output("SET statement_timeout TO 0;")
        call = _ENSURE_PARTITIONS.format(
            done=self.transactions_done,
            procedure=routines.ENSURE,
            months_ahead=routines.DEFAULT_MONTHS_AHEAD,
            most_rows=routines.DEFAULT_MOST_ROWS,
        )
        self.static_output(do_block(call))

    def _put_session_back(self) -> None:
        if self.step_done:
            self.step_done = False
            self.static_output(do_block(_PUT_SESSION_BACK))


def emit_guard(op: GuardOp) -> None:
    """Emit the block that fails if rows do not fit what the revision brings."""
    migration_context = alembic_context.get_context()
    impl = migration_context.impl
    if not isinstance(impl, GuardedPostgresqlImpl) or impl.options.misfits == SKIP:
        return
    block = op.statement(f"{_NOT_BEGUN}; -x misfits={SKIP} writes a script that does not ask.")
    if impl.has_begun:
        impl.static_output(f"{block};")
        return
    with migration_context.autocommit_block():
        settings = "\n".join(f"SET LOCAL {name} TO {to};" for name, to in ASKING.items())
        impl.static_output(_ASK.format(settings=settings, guard=block))


def guard_transactions(
    context: MigrationContext, schema: str, options: Options
) -> GuardedPostgresqlImpl:
    """Make the offline run of ``context`` work in ``schema`` (R23) and guard its transactions.

    Each transaction starts with the timeouts of ``options``; :func:`follow` has to be told of each
    revision.
    """
    impl = context.impl
    if not isinstance(impl, GuardedPostgresqlImpl):
        raise TypeError(f"no PostgreSQL context: {impl!r}")
    impl.heads = context.get_current_heads()
    impl.search_path = quote_identifier(schema)
    impl.options = options
    impl.static_output(_PROLOGUE.format(search_path=impl.search_path))
    impl.static_output(do_block(_KEEP_SESSION.format(identity=IDENTITY, settings=SETTINGS)))
    return impl


def follow(*, ctx: MigrationContext, heads: Collection[str], **_: Any) -> None:
    """Note the revisions that the script has brought the database to: for ``on_version_apply``."""
    if isinstance(ctx.impl, GuardedPostgresqlImpl):
        ctx.impl.heads = tuple(heads)
        ctx.impl.step_done = True
