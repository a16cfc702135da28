"""Which months ``ensure_partitions`` makes, and where they begin and end: in UTC, always."""

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tests.partitions.database import KEYS, ensure, partitions, scalar, strand

ZONES = ("UTC", "Pacific/Auckland", "America/St_Johns", "Pacific/Kiritimati")


@pytest.mark.parametrize("style", ["ISO", "SQL, DMY", "German", "Postgres, MDY"])
@pytest.mark.parametrize("zone", ZONES)
def test_bounds_are_utc_months_in_every_session(shared: Connection, zone: str, style: str) -> None:
    year = 3000 + 100 * ZONES.index(zone) + len(style)
    shared.exec_driver_sql(f"SET TimeZone TO '{zone}'; SET DateStyle TO '{style}'")
    # 23:00 in UTC is the next month already in the east, and the next year.
    as_of = f"{year}-12-31 23:00:00+00"
    if style == "German":
        as_of = f"31.12.{year} 23:00:00+00"
    assert ensure(shared, 1, as_of).created == 6
    assert ensure(shared, 1, as_of).created == 0
    for table in KEYS:
        assert partitions(shared, table, f"%_p{year}%") | partitions(
            shared, table, f"%_p{year + 1}%"
        ) == {
            f"{table}_p{year}1201": f"FOR VALUES FROM ('{year}-12-01 00:00:00+00')"
            f" TO ('{year + 1}-01-01 00:00:00+00')",
            f"{table}_p{year + 1}0101": f"FOR VALUES FROM ('{year + 1}-01-01 00:00:00+00')"
            f" TO ('{year + 1}-02-01 00:00:00+00')",
        }


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        ("2081-01-31 23:59:59.999999+00", "20810101 20810201"),
        ("2082-02-28 23:59:59.999999+00", "20820201 20820301"),
        ("2084-02-28 12:00+00", "20840201 20840301"),
        ("2088-02-29 23:59:59.999999+00", "20880201 20880301"),
        ("2092-03-01 00:00+00", "20920301 20920401"),
        ("2100-02-28 23:30+00", "21000201 21000301"),
        ("2086-12-31 23:59:59.999999+00", "20861201 20870101"),
        ("2089-03-01 00:30+01", "20890201 20890301"),
    ],
)
def test_month_of_an_instant_and_the_next(shared: Connection, as_of: str, months: str) -> None:
    before = partitions(shared, "usage_logs", "%")
    ensure(shared, 1, as_of)
    made = partitions(shared, "usage_logs", "%").keys() - before.keys()
    assert sorted(made) == [f"usage_logs_p{month}" for month in months.split()]


@pytest.mark.parametrize("zone", [*ZONES, "Pacific/Honolulu", "Europe/London"])
def test_month_has_its_bounds_in_every_zone(shared: Connection, zone: str) -> None:
    shared.exec_driver_sql(f"SET TimeZone TO '{zone}'; SET DateStyle TO 'ISO'")
    months = "generate_series(timestamp '2070-01-01', '2074-12-31', '1 month') AS month"
    wrong = f"""
SELECT count(*) FROM {months}
WHERE utc_month((month + interval '13 days')::date) IS DISTINCT FROM
      tstzrange((month::text || '+00')::timestamptz,
                ((month + interval '1 month')::text || '+00')::timestamptz)"""
    assert scalar(shared, wrong) == 0


@pytest.mark.parametrize(("months_ahead", "created"), [(0, 1), (3, 4), (14, 15)])
def test_so_many_months_ahead(shared: Connection, months_ahead: int, created: int) -> None:
    year = 2200 + 10 * months_ahead
    done = ensure(shared, months_ahead, f"{year}-11-30 23:59+00")
    assert done == (3 * created, 0, 0)
    query = f"SELECT DISTINCT months_ahead FROM partition_report('{year}-11-01+00')"
    assert scalar(shared, query) == months_ahead


def test_three_months_ahead_of_today_unless_told_otherwise(shared: Connection) -> None:
    # `alembic upgrade head` has made them.
    assert tuple(shared.exec_driver_sql("CALL ensure_partitions()").one()) == (0, 0, 0)
    query = "SELECT DISTINCT months_ahead FROM partition_report()"
    assert scalar(shared, query) == 3


@pytest.mark.parametrize("bounds", ["MINVALUE", "'1900-01-01 00:00+00'"])
def test_partitions_of_other_lengths_are_left_alone(own: Connection, bounds: str) -> None:
    own.exec_driver_sql(
        "CREATE TABLE old PARTITION OF usage_logs"
        f" FOR VALUES FROM ({bounds}) TO ('2001-01-01 00:00+00');"
        "CREATE TABLE quarter PARTITION OF usage_logs"
        " FOR VALUES FROM ('2071-01-01 00:00+00') TO ('2071-04-01 00:00+00');"
        "CREATE TABLE future PARTITION OF usage_logs"
        " FOR VALUES FROM ('2071-06-01 00:00+00') TO (MAXVALUE)"
    )
    ensure(own, 6, "2071-02-14 00:00+00")
    assert sorted(partitions(own, "usage_logs")) == [
        "usage_logs_p20710401",
        "usage_logs_p20710501",
    ]


def test_month_that_a_partition_covers_in_part_is_reported(own: Connection) -> None:
    own.exec_driver_sql(
        "CREATE TABLE half PARTITION OF usage_logs"
        " FOR VALUES FROM ('2071-02-01 00:00+00') TO ('2071-02-15 00:00+00')"
    )
    strand(own, "2071-02-20 00:00+00", "2071-02-20 00:00+00")
    assert ensure(own) == (2, 0, 1)
    assert scalar(own, "SELECT count(*) FROM usage_logs_default") == 1


@pytest.mark.parametrize("name", ["u" * 63, "ü" * 31, "u" * 54])
def test_month_is_in_the_name_however_long_the_tables_is(own: Connection, name: str) -> None:
    own.exec_driver_sql(f"ALTER TABLE usage_logs RENAME TO {name}")
    assert ensure(own, 2) == (9, 0, 0)
    kept = name.encode()[:53].decode(errors="ignore")
    assert list(partitions(own, name)) == [f"{kept}_p20710{month}01" for month in (2, 3, 4)]


@pytest.mark.parametrize("arguments", ["-1", "NULL", "3, NULL", "3, 'infinity'"])
def test_nonsense_is_refused(shared: Connection, arguments: str) -> None:
    with pytest.raises(DBAPIError, match="no number of months, 0 or more, from a finite time"):
        shared.exec_driver_sql(f"CALL ensure_partitions({arguments})")


def test_call_in_a_transaction_is_refused(many_months: Engine) -> None:
    with (
        many_months.connect() as connection,
        pytest.raises(DBAPIError, match="invalid transaction termination"),
    ):
        connection.exec_driver_sql("CALL ensure_partitions()")
