"""Downgrades that work outside a transaction and do not end: killed, or failed half-way.

The database still counts as at the revision that is being undone, although some of it may be gone,
so an upgrade would leave it as it is. The comment on ``alembic_version`` notes such a downgrade
before it begins, until the transaction that counts it as done; an upgrade that finds the note does
the revision again.
"""

import logging
import re
from typing import Any

from alembic.runtime.migration import MigrationStep, RevisionStep
from sqlalchemy import Connection

from ..server.quoting import quote_literal

_NOTE = "unfinished downgrade from {} to {}"
_FIND = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"
_FORGET = "COMMENT ON TABLE alembic_version IS NULL"

log = logging.getLogger("alembic.env")


class DowngradeNote:
    """The note on the database of ``connection``, as far as this run knows of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._there = False

    def write(self, step: MigrationStep | None) -> None:
        """Note ``step``, which is about to leave its transaction, if it is a downgrade."""
        if not isinstance(step, RevisionStep) or step.is_upgrade:
            return
        (lower,) = step.to_revisions_no_deps or ("base",)
        text = _NOTE.format(step.revision.revision, lower)
        # SQLAlchemy is about to change the isolation level, and would begin a transaction.
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor:
            cursor.execute(f"COMMENT ON TABLE alembic_version IS {quote_literal(text)}")
        driver.commit()
        self._there = True

    def see_to(self, *, upgrading: bool) -> None:
        """Look for a note; let an upgrade do again what that downgrade may have undone."""
        with self._connection.begin():
            comment = self._connection.exec_driver_sql(_FIND).scalar()
            found = re.fullmatch(_NOTE.format("(.+)", "(.+)"), comment or "")
            self._there = found is not None
            if found and upgrading:
                upper, lower = found.groups()
                self._count_as_undone(upper, lower)
                self.forget()
                log.warning(
                    "The downgrade %s -> %s was not finished: %s is applied again",
                    *(upper, lower, upper),
                )

    def forget(self, **_: Any) -> None:
        """Take the note away, in the transaction that counts a step as done."""
        if self._there:
            self._connection.exec_driver_sql(_FORGET)
            self._there = False

    def _count_as_undone(self, upper: str, lower: str) -> None:
        """Set the version to where the downgrade was to go, so that an upgrade starts there."""
        if lower == "base":
            delete = "DELETE FROM alembic_version WHERE version_num = %s"
            self._connection.exec_driver_sql(delete, (upper,))
        else:
            update = "UPDATE alembic_version SET version_num = %s WHERE version_num = %s"
            self._connection.exec_driver_sql(update, (lower, upper))
