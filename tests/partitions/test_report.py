"""``partition_report`` tells what there is and what is missing."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from tests.partitions.database import ensure, retire, strand

REPORT = """\
SELECT partitions, lower_bound AT TIME ZONE 'UTC', upper_bound AT TIME ZONE 'UTC', estimated_rows,
       gaps::text, rows_in_default, months_ahead
FROM partition_report(%s) WHERE parent = 'usage_logs'::regclass"""


def report(connection: Connection, as_of: str) -> list[Any]:
    row = connection.exec_driver_sql(REPORT, (as_of,)).one()
    return [str(value) if hasattr(value, "isoformat") else value for value in row]


def test_each_partitioned_table_is_reported_once(shared: Connection) -> None:
    tables = shared.exec_driver_sql("SELECT parent::text FROM partition_report()").scalars().all()
    assert tables == ["credit_transactions", "notifications", "usage_logs"]


def test_partitions_gaps_rows_and_months_ahead(own: Connection) -> None:
    assert report(own, "2071-02-14+00") == [0, None, None, 0, "{}", 0, -1]
    strand(own, "2071-01-01 00:00+00", "2071-01-31 00:00+00")
    own.exec_driver_sql("ANALYZE usage_logs")
    assert report(own, "2071-02-14+00") == [0, None, None, 31, "{}", 31, -1]
    ensure(own, 2, "2071-04-14+00")
    strand(own, "2072-01-01 00:00+00", "2072-01-10 00:00+00")
    own.exec_driver_sql("ANALYZE usage_logs")
    own.exec_driver_sql("SET TimeZone TO 'Pacific/Kiritimati'; SET DateStyle TO 'ISO'")
    bounds = ["2071-01-01 00:00:00", "2071-07-01 00:00:00"]
    gaps = "{2071-02-01,2071-03-01}"
    assert report(own, "2071-04-30 23:59:59+00") == [4, *bounds, 41, gaps, 10, 2]
    assert report(own, "2071-05-01 00:00+00") == [4, *bounds, 41, gaps, 10, 1]
    assert report(own, "2071-06-30 23:59:59+00") == [4, *bounds, 41, gaps, 10, 0]
    assert report(own, "2071-03-31 23:59:59+00") == [4, *bounds, 41, gaps, 10, -1]


def test_partitions_without_end_are_no_obstacle(own: Connection) -> None:
    own.exec_driver_sql(
        "CREATE TABLE past PARTITION OF usage_logs"
        " FOR VALUES FROM (MINVALUE) TO ('2071-01-01 00:00+00');"
        "CREATE TABLE future PARTITION OF usage_logs"
        " FOR VALUES FROM ('2071-02-01 00:00+00') TO (MAXVALUE)"
    )
    found = "SELECT gaps::text, months_ahead FROM partition_report('2071-02-14+00')"
    row = own.exec_driver_sql(f"{found} WHERE parent = 'usage_logs'::regclass").one()
    assert tuple(row) == ("{2071-01-01}", 1200)


def test_lost_default_partition_is_reported_and_months_are_made_and_retired(
    own: Connection,
) -> None:
    own.exec_driver_sql("DROP TABLE usage_logs_default")
    assert ensure(own, 1) == (6, 0, 0)
    bounds = ["2071-02-01 00:00:00", "2071-04-01 00:00:00"]
    assert report(own, "2071-02-14+00") == [2, *bounds, 0, "{}", None, 1]
    moment = datetime(2071, 3, 31, tzinfo=UTC)
    assert retire(own, "28 days", as_of=moment) == (3, 0)
    ensure(own)
    assert retire(own, "28 days", drop=True, as_of=moment) == (3, 0)
    assert report(own, "2071-03-14+00")[0] == 1
