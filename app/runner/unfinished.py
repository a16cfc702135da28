"""Downgrades that work outside a transaction and do not end: killed, or failed half-way.

The database still counts as at the revision that is being undone, although some of it may be gone,
so an upgrade would leave it as it is. The comment on ``alembic_version`` notes such a downgrade
before it begins, until the transaction that counts it as done; an upgrade that finds the note does
the revision again.
"""

import re
from typing import Any

from alembic.runtime.migration import MigrationStep, RevisionStep
from sqlalchemy import Connection

from app.db.quoting import quote_literal

_NOTE = "unfinished downgrade from {} to {}"
_FIND = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"
_FORGET = "COMMENT ON TABLE alembic_version IS NULL"


def note(connection: Connection, step: MigrationStep | None) -> bool:
    """Note ``step``, which is about to leave its transaction; return whether it needs that."""
    if not isinstance(step, RevisionStep) or step.is_upgrade:
        return False
    (lower,) = step.to_revisions_no_deps or ("base",)
    text = _NOTE.format(step.revision.revision, lower)
    # SQLAlchemy is about to change the isolation level, and would begin a transaction.
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE alembic_version IS {quote_literal(text)}")
    driver.commit()
    return True


def find(connection: Connection) -> tuple[str, str] | None:
    """Return from where to where the unfinished downgrade goes; None if there is none."""
    comment = connection.exec_driver_sql(_FIND).scalar()
    match = re.fullmatch(_NOTE.format("(.+)", "(.+)"), comment or "")
    return (match[1], match[2]) if match else None


def forget(connection: Connection) -> None:
    """Take the note away."""
    connection.exec_driver_sql(_FORGET)


def count_as_undone(connection: Connection, upper: str, lower: str) -> None:
    """Set the version to where the downgrade was to go, so that an upgrade starts from there."""
    if lower == "base":
        connection.exec_driver_sql("DELETE FROM alembic_version WHERE version_num = %s", (upper,))
    else:
        connection.exec_driver_sql(
            "UPDATE alembic_version SET version_num = %s WHERE version_num = %s", (lower, upper)
        )
    forget(connection)
