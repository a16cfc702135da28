"""The same ALTER TABLE on each partition, whichever there are when the revision runs."""

from app.autogenerate.operations import Statement
from app.autogenerate.sql import literal, quote

_BLOCK = """\
DO $do$
DECLARE
    partition regclass;
BEGIN
    FOR partition IN SELECT relid FROM pg_partition_tree(<table>) WHERE isleaf LOOP
        EXECUTE format(<statement>, partition);
    END LOOP;
END
$do$"""


def on_partitions(table: str, *actions: str) -> Statement:
    """Return a block that runs ALTER TABLE with ``actions`` on each partition of ``table``."""
    # format() takes % for its own.
    escaped = [action.replace("%", "%%") for action in actions]
    statement = literal(",\n            ".join(["ALTER TABLE %s " + escaped[0], *escaped[1:]]))
    block = _BLOCK.replace("<table>", literal(quote(table)))
    return Statement(block.replace("<statement>", statement))
