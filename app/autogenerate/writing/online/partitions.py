"""The same ALTER TABLE on each partition, whichever there are when the revision runs."""

from collections.abc import Sequence

from ....server.quoting import quote_literal
from ...changes.sql import Statement, quote

_BLOCK = """\
DO $do$
DECLARE
    partition regclass;
BEGIN
    FOR partition IN
        {query}
    LOOP
        EXECUTE format({statement}, partition);
    END LOOP;
END
$do$"""
_ALL = "SELECT relid FROM pg_partition_tree({table}) WHERE isleaf"
_NOT_VALID = """\
SELECT conrelid
        FROM pg_partition_tree({table}) JOIN pg_constraint ON conrelid = relid
        WHERE conname = {constraint} AND NOT convalidated"""


def on_partitions(table: str, *actions: str) -> Statement:
    """Return a block that runs ALTER TABLE with ``actions`` on each partition of ``table``."""
    return _block(_ALL.format(table=quote_literal(quote(table))), actions)


def validate_on_partitions(table: str, constraint: str) -> Statement:
    """Return a block that validates ``constraint`` where it is NOT VALID.

    A partition that came after the constraint was added to the others has none yet.
    """
    query = _NOT_VALID.format(
        table=quote_literal(quote(table)), constraint=quote_literal(constraint)
    )
    return _block(query, [f"VALIDATE CONSTRAINT {quote(constraint)}"])


def _block(query: str, actions: Sequence[str]) -> Statement:
    # format() takes % for its own.
    escaped = [action.replace("%", "%%") for action in actions]
    statement = ",\n            ".join(["ALTER TABLE %s " + escaped[0], *escaped[1:]])
    return Statement(_BLOCK.format(query=query, statement=quote_literal(statement)))
