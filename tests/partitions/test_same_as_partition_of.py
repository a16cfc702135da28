"""A partition that the procedure makes is one that CREATE TABLE ... PARTITION OF makes."""

import pytest
from sqlalchemy import Connection, text

from tests.partitions.database import KEYS, ensure, rows_of
from tests.schema import catalog

CATALOG = """\
SELECT 'column', attname, format_type(atttypid, atttypmod), attnotnull::text,
       pg_get_expr(adbin, adrelid), concat(attislocal, attinhcount, attstorage, attcompression)
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = :partition AND attnum > 0
UNION ALL
SELECT 'constraint', conname, pg_get_constraintdef(oid), contype::text, conparentid::text,
       concat(conislocal, coninhcount, connoinherit, convalidated)
FROM pg_constraint WHERE conrelid = :partition AND contype <> 'n'
UNION ALL
SELECT 'index', relation.relname, pg_get_indexdef(indexrelid), indisprimary::text, inhparent::text,
       indisvalid::text
FROM pg_index JOIN pg_class AS relation ON relation.oid = indexrelid
     LEFT JOIN pg_inherits ON inhrelid = indexrelid
WHERE indrelid = :partition
UNION ALL
SELECT 'trigger', CASE WHEN tgisinternal THEN tgfoid::regproc::text ELSE tgname END,
       regexp_replace(pg_get_triggerdef(oid), '_[0-9]+', '', 'g'), tgenabled::text,
       tgparentid::text, NULL
FROM pg_trigger WHERE tgrelid = :partition
UNION ALL
SELECT 'table', relkind::text, relpersistence::text, relowner::text,
       concat_ws(' ', relacl, reloptions, relam, reltablespace),
       concat(relhastriggers, relispartition)
FROM pg_class WHERE oid = :partition"""


@pytest.mark.parametrize("table", KEYS)
def test_partition_is_like_one_made_by_partition_of(own: Connection, table: str) -> None:
    assert_like_partition_of(own, table)


def assert_like_partition_of(own: Connection, table: str) -> None:
    """Compare the catalog's rows of a partition that ``ensure`` makes."""
    ensure(own)
    made = f"{table}_p20710201"
    found = partition_in_catalog(own, made)
    own.exec_driver_sql(f"DROP TABLE {made}")
    own.exec_driver_sql(
        f"CREATE TABLE {made} PARTITION OF {table}"
        " FOR VALUES FROM ('2071-02-01 00:00+00') TO ('2071-03-01 00:00+00')"
    )
    assert found == partition_in_catalog(own, made)
    kinds = {row[0] for row in found}
    assert kinds >= {"column", "constraint", "index", "trigger", "table"}


def test_what_a_later_revision_may_add_is_there_too(own: Connection) -> None:
    own.exec_driver_sql(
        "ALTER TABLE usage_logs ADD CONSTRAINT ck_usage_logs_cost CHECK (credits_cost >= 0),"
        " ADD COLUMN cost_in_cents bigint GENERATED ALWAYS AS (credits_cost * 100) STORED,"
        " ALTER COLUMN details SET STORAGE EXTERNAL, ALTER COLUMN details SET COMPRESSION pglz,"
        " DROP COLUMN action_type;"
        "CREATE TRIGGER stamp BEFORE UPDATE ON usage_logs"
        " FOR EACH ROW EXECUTE FUNCTION set_updated_at();"
        "INSERT INTO usage_logs (credits_cost, timestamp) VALUES (1.25, '2071-02-14 12:00+00')"
    )
    before = rows_of(own, "usage_logs")
    assert ensure(own).moved == 1
    assert rows_of(own, "usage_logs") == before
    assert_like_partition_of(own, "usage_logs")


def test_tablespaces_of_the_table_and_of_its_indexes_are_taken_over(own: Connection) -> None:
    name = f"space_of_{own.engine.url.database}"
    own.exec_driver_sql("SET allow_in_place_tablespaces TO on")
    own.exec_driver_sql(f"CREATE TABLESPACE {name} LOCATION ''")
    own.exec_driver_sql(
        f"ALTER TABLE usage_logs SET TABLESPACE {name};"
        f"ALTER INDEX idx_usagelog_actiontype SET TABLESPACE {name}"
    )
    try:
        assert_like_partition_of(own, "usage_logs")
        ensure(own)
        query = """\
SELECT string_agg(relname, ' ' ORDER BY relname)
FROM pg_class JOIN pg_tablespace ON pg_tablespace.oid = reltablespace
WHERE spcname LIKE 'space_of_%%' AND relname LIKE 'usage_logs_p%%'"""
        found = own.exec_driver_sql(query).scalar_one()
        assert found == "usage_logs_p20710201 usage_logs_p20710201_action_type_idx"
    finally:
        own.exec_driver_sql("DROP TABLE usage_logs")
        own.exec_driver_sql(f"DROP TABLESPACE {name}")


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("DEFAULT", "d"),
        ("FULL", "f"),
        ("NOTHING", "n"),
        ("USING INDEX one_a_second", "i usage_logs_p20710201_timestamp_action_type_idx"),
    ],
)
def test_replica_identity_is_taken_over(own: Connection, identity: str, expected: str) -> None:
    own.exec_driver_sql(
        'CREATE UNIQUE INDEX one_a_second ON usage_logs ("timestamp", action_type);'
        f"ALTER TABLE usage_logs REPLICA IDENTITY {identity}"
    )
    own.exec_driver_sql(
        "INSERT INTO usage_logs (action_type, timestamp) VALUES ('a', '2071-02-14 12:00+00')"
    )
    assert ensure(own).moved == 1
    query = """\
SELECT concat_ws(' ', relreplident,
                 (SELECT indexrelid::regclass FROM pg_index
                  WHERE indrelid = pg_class.oid AND indisreplident))
FROM pg_class WHERE relname = 'usage_logs_p20710201'"""
    assert own.exec_driver_sql(query).scalar_one() == expected


def partition_in_catalog(connection: Connection, name: str) -> list[tuple[object, ...]]:
    oid = connection.execute(text("SELECT CAST(:name AS regclass)::oid"), {"name": name}).scalar()
    return sorted(catalog.rows(connection, CATALOG, partition=oid), key=str)
