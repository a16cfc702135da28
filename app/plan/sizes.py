"""How large the tables of the live database are."""

from collections.abc import Iterable

from sqlalchemy import Connection, exc, text

from ..server.errors import INSUFFICIENT_PRIVILEGE, LOCK_NOT_AVAILABLE, sqlstate
from ..server.parameters import execute_as_is
from .report import Size

# A partitioned table is as large as its partitions; a materialized view may have no data to count.
_SIZE = text("""
SELECT relation.relkind IN ('r', 'p', 'm') AND relation.relispopulated,
    coalesce(sum(greatest(part.reltuples, pg_stat_get_live_tuples(part.oid), 0)), 0)::bigint,
    coalesce(sum(pg_table_size(part.oid)), 0)::bigint
FROM pg_class AS relation, LATERAL (
    SELECT relid FROM pg_partition_tree(relation.oid) WHERE isleaf
    UNION SELECT relation.oid
) AS tree JOIN pg_class AS part ON part.oid = tree.relid
WHERE relation.oid = to_regclass(:name) AND part.relkind NOT IN ('p', 'I')
GROUP BY relation.oid, relation.relkind, relation.relispopulated
""")
_COUNT = "SELECT count(*) FROM (SELECT FROM {name} LIMIT {most}) AS found"


def sizes_of(live: Connection, names: Iterable[str], small: int) -> dict[str, Size]:
    """Return the sizes of those of the relations ``names`` that there are, by name.

    ``live`` is in autocommit. Up to ``small`` rows are counted; of more, and of those that may not
    be read, PostgreSQL's estimate is returned.
    """
    found = {}
    for name in sorted(names):
        try:
            size = live.execute(_SIZE, {"name": name}).one_or_none()
        except exc.DBAPIError as error:
            _require_kept_out(error)
            found[name] = Size(None, None)
            continue
        if size is not None:
            is_table, estimate, bytes_ = size
            counted = _count(live, name, small + 1) if is_table else None
            few = counted is not None and counted <= small
            found[name] = Size(counted if few else max(estimate, counted or 0), bytes_)
    return found


def _count(live: Connection, name: str, most: int) -> int | None:
    """Return how many rows the table has, ``most`` if there are more; None if nobody may know."""
    try:
        query = _COUNT.format(name=name, most=most)
        return int(execute_as_is(live, query).scalar_one())
    except exc.DBAPIError as error:
        _require_kept_out(error)
        return None


def _require_kept_out(error: exc.DBAPIError) -> None:
    """Raise ``error`` again unless another session, or a missing right, is in the way."""
    if sqlstate(error) not in (INSUFFICIENT_PRIVILEGE, LOCK_NOT_AVAILABLE):
        raise error
