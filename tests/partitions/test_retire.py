"""``retire_partitions`` takes exactly the whole months that are older than asked for."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from app.partitions.messages import long_call
from tests.partitions.database import KEYS, ensure, partitions, retire, rows_of, scalar, strand
from tests.partitions.test_writers import ADD_USERS, set_deadlock_timeout
from tests.partitions.writers import LOG, USER, Writers
from tests.runner.database import wait_until
from tests.schema.rows import make_row

ARCHIVED = """\
SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class
WHERE relnamespace = to_regnamespace('archive') AND relkind = 'r'"""
OUTGOING_KEYS = """\
SELECT count(*) FROM pg_constraint
WHERE conrelid = to_regclass('archive.usage_logs_p20710201') AND contype = 'f'"""
DEFAULTS = """\
SELECT count(*) FROM pg_attrdef WHERE adrelid = to_regclass('archive.usage_logs_p20710201')"""


WAITS_FOR_USERS = """\
SELECT mode = 'AccessExclusiveLock' FROM pg_locks
WHERE relation = 'users'::regclass AND NOT granted"""


@pytest.fixture
def six_months(own: Connection) -> Connection:
    """A database with a row for each day of the first half of 2071."""
    user = make_row(own, "users")["id"]
    strand(own, "2071-01-01 00:00+00", "2071-06-30 23:00+00")
    own.exec_driver_sql(f"UPDATE usage_logs SET user_id = '{user}'")
    ensure(own, 0, "2071-06-15+00")
    return own


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize(
    ("retention", "as_of", "first_kept"),
    [
        ("3 months", "2071-06-30 23:59:59.999999", 3),
        ("3 months", "2071-07-01 00:00", 4),
        ("1 month", "2071-03-01 00:00", 2),
        ("28 days", "2071-03-01 00:00", 2),
        ("28 days", "2071-03-28 23:59:59", 2),
        ("28 days", "2071-03-29 00:00", 3),
        ("3 months", "2071-05-31 00:30", 2),
        ("100 years", "2071-07-01 00:00", 1),
    ],
)
def test_months_that_ended_before_are_gone_and_nothing_else(
    six_months: Connection, drop: bool, retention: str, as_of: str, first_kept: int
) -> None:
    moment = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    # There it is still the day before.
    six_months.exec_driver_sql("SET TimeZone TO 'Pacific/Honolulu'")
    six_months.exec_driver_sql("CREATE TEMP TABLE before AS SELECT * FROM usage_logs")
    retired, failed = retire(six_months, retention, drop=drop, as_of=moment)
    assert (retired, failed) == (first_kept - 1, 0)
    six_months.exec_driver_sql("SET TimeZone TO 'UTC'")
    kept = f"SELECT t::text FROM before AS t WHERE timestamp >= '2071-0{first_kept}-01+00'"
    assert rows_of(six_months, "usage_logs") == set(six_months.exec_driver_sql(kept).scalars())
    gone = [f"usage_logs_p20710{month}01" for month in range(1, first_kept)]
    assert scalar(six_months, ARCHIVED).split() == ([] if drop else gone)


def test_archived_month_keeps_its_rows_and_nothing_that_ties_it(six_months: Connection) -> None:
    before = rows_of(six_months, "usage_logs_p20710201")
    columns = "SELECT string_agg(attname || attnotnull, ',') FROM pg_attribute WHERE attrelid = %s"
    had = scalar(six_months, columns % "'usage_logs_p20710201'::regclass")
    retire(six_months, "4 months", as_of=datetime(2071, 7, 1, tzinfo=UTC))
    assert rows_of(six_months, "archive.usage_logs_p20710201") == before
    assert scalar(six_months, columns % "'archive.usage_logs_p20710201'::regclass") == had
    assert scalar(six_months, OUTGOING_KEYS) == 0
    assert scalar(six_months, DEFAULTS) == 0
    six_months.exec_driver_sql("DELETE FROM users")
    assert rows_of(six_months, "archive.usage_logs_p20710201") == before
    assert scalar(six_months, "SELECT count(user_id) FROM usage_logs") == 0


@pytest.mark.parametrize("drop", [False, True])
def test_users_can_be_deleted_after_a_month_is_retired(six_months: Connection, drop: bool) -> None:
    retire(six_months, "4 months", drop=drop, as_of=datetime(2071, 7, 1, tzinfo=UTC))
    six_months.exec_driver_sql("DELETE FROM users")
    assert scalar(six_months, "SELECT count(user_id) FROM usage_logs") == 0


def test_dry_run_lists_what_a_call_then_retires(six_months: Connection) -> None:
    moment = datetime(2071, 5, 1, tzinfo=UTC)
    query = (
        "SELECT partition::text, row_count, total_bytes > 8192 FROM retirable_partitions(%s, %s)"
    )
    listed = six_months.exec_driver_sql(query, ("2 months", moment)).all()
    assert listed == [("usage_logs_p20710101", 31, True), ("usage_logs_p20710201", 28, True)]
    assert retire(six_months, "2 months", as_of=moment) == (2, 0)
    assert scalar(six_months, ARCHIVED) == " ".join(row.partition for row in listed)


def test_default_and_partitions_of_other_lengths_stay(own: Connection) -> None:
    own.exec_driver_sql(
        "CREATE TABLE oldest PARTITION OF usage_logs"
        " FOR VALUES FROM (MINVALUE) TO ('2000-01-01 00:00+00');"
        "CREATE TABLE quarter PARTITION OF usage_logs"
        " FOR VALUES FROM ('2001-01-01 00:00+00') TO ('2001-04-01 00:00+00');"
        "CREATE TABLE half PARTITION OF usage_logs"
        " FOR VALUES FROM ('2001-04-01 00:00+00') TO ('2001-04-15 00:00+00');"
        "CREATE TABLE local_month PARTITION OF usage_logs"
        " FOR VALUES FROM ('2001-05-01 00:00-05') TO ('2001-06-01 00:00-05')"
    )
    strand(own, "2003-01-01 00:00+00", "2003-01-02 00:00+00")
    before = partitions(own, "usage_logs", "%")
    assert retire(own, "1 month", drop=True, as_of=datetime(2020, 1, 1, tzinfo=UTC)) == (0, 0)
    assert partitions(own, "usage_logs", "%") == before


@pytest.mark.parametrize(
    "retention",
    [None, "0", "-1 month", "1 month -31 days", "-24 hours", "24", "1 day", "27 days 23:59:59"],
)
@pytest.mark.parametrize("drop", [False, True])
def test_retention_of_less_than_a_month_retires_nothing(
    six_months: Connection, retention: str | None, drop: bool
) -> None:
    before = partitions(six_months, "usage_logs")
    # An hour was skipped there between the first day and the last.
    six_months.exec_driver_sql("SET TimeZone TO 'Europe/London'")
    with pytest.raises(DBAPIError, match="no retention of a month or more: ") as refusal:
        retire(six_months, retention, drop=drop, as_of=datetime(2071, 4, 1, tzinfo=UTC))
    assert refusal.value.orig.diag.message_hint == (  # type: ignore[union-attr]
        "Nothing was retired. Say how long to keep rows, a month at least: interval '24 months'."
    )
    assert partitions(six_months, "usage_logs") == before


@pytest.mark.parametrize("as_of", ["infinity", "-infinity", None])
def test_retention_before_no_finite_time_retires_nothing(
    six_months: Connection, as_of: str | None
) -> None:
    before = partitions(six_months, "usage_logs")
    with pytest.raises(DBAPIError, match="no retention of a month or more"):
        six_months.exec_driver_sql("CALL retire_partitions('1 month', true, %s)", (as_of,))
    assert partitions(six_months, "usage_logs") == before


def test_retention_has_no_default(shared: Connection) -> None:
    with pytest.raises(DBAPIError, match="does not exist"):
        shared.exec_driver_sql("CALL retire_partitions()")


def test_month_is_archived_again_under_the_next_free_name(six_months: Connection) -> None:
    moment = datetime(2071, 3, 1, tzinfo=UTC)
    archived = {"": rows_of(six_months, "usage_logs_p20710101")}
    assert retire(six_months, "1 month", as_of=moment) == (1, 0)
    for day, suffix in enumerate(("_2", "_3"), 1):
        strand(six_months, f"2071-01-0{day} 00:00+00", f"2071-01-0{day} 06:00+00", "1 hour")
        ensure(six_months, 0, "2071-06-15+00")
        archived[suffix] = rows_of(six_months, "usage_logs_p20710101")
        assert len(archived[suffix]) == 7
        notices: list[str] = []
        with long_call(six_months, "notice", notices.append):
            assert retire(six_months, "1 month", as_of=moment) == (1, 0)
        assert notices == [
            f"usage_logs_p20710101 moved to archive.usage_logs_p20710101{suffix}",
        ]
    for suffix, rows in archived.items():
        assert rows_of(six_months, f"archive.usage_logs_p20710101{suffix}") == rows
    six_months.exec_driver_sql("DELETE FROM users")
    assert rows_of(six_months, "archive.usage_logs_p20710101_2") == archived["_2"]


def test_free_name_of_a_long_one_has_63_characters_too(own: Connection) -> None:
    name = f"{'usage' * 10:_<54}p20710101"
    own.exec_driver_sql(
        f"CREATE TABLE {name} PARTITION OF usage_logs"
        " FOR VALUES FROM ('2071-01-01 00:00+00') TO ('2071-02-01 00:00+00');"
        f"CREATE SCHEMA archive; CREATE TABLE archive.{name} ();"
        f"CREATE TABLE {name[:61]}_2 ()"
    )
    assert retire(own, "1 month", as_of=datetime(2071, 3, 1, tzinfo=UTC)) == (1, 0)
    assert set(scalar(own, ARCHIVED).split()) == {name, name[:61] + "_3"}


@pytest.mark.parametrize("drop", [False, True])
def test_partition_in_use_stays_and_is_reported(
    six_months: Connection, bare_engine: Engine, drop: bool
) -> None:
    six_months.exec_driver_sql("SET deadlock_timeout TO '10ms'")
    with bare_engine.connect() as reader:
        reader.exec_driver_sql("SELECT FROM usage_logs_p20710101 LIMIT 1")
        moment = datetime(2071, 3, 1, tzinfo=UTC)
        assert retire(six_months, "1 month", drop=drop, as_of=moment) == (0, 1)
    assert "usage_logs_p20710101" in partitions(six_months, "usage_logs")


def test_dropping_a_month_does_not_wait_for_the_tables_it_refers_to(
    six_months: Connection, bare_engine: Engine
) -> None:
    with bare_engine.connect() as writer:
        writer.exec_driver_sql("UPDATE users SET full_name = 'x'")
        moment = datetime(2071, 3, 1, tzinfo=UTC)
        assert retire(six_months, "1 month", drop=True, as_of=moment) == (1, 0)


def test_archiving_locks_nobody_out_of_the_log_while_it_waits_for_the_users(
    six_months: Connection, bare_engine: Engine
) -> None:
    six_months.exec_driver_sql("SET deadlock_timeout TO '10s'")
    with bare_engine.connect() as reader, ThreadPoolExecutor(1) as pool:
        reader.exec_driver_sql("SELECT FROM users")
        call = pool.submit(retire, six_months, "1 month", as_of=datetime(2071, 3, 1, tzinfo=UTC))
        wait_until(bare_engine, WAITS_FOR_USERS)
        with bare_engine.connect() as other:
            other.exec_driver_sql("SET lock_timeout TO '1s'")
            other.exec_driver_sql("SELECT FROM usage_logs LIMIT 1")
        reader.rollback()
        assert call.result() == (1, 0)


@pytest.mark.parametrize("order", [USER, LOG])
def test_months_are_archived_while_an_application_writes(
    own: Connection, bare_engine: Engine, order: str
) -> None:
    set_deadlock_timeout(own, "200ms")
    users = list(own.exec_driver_sql(ADD_USERS).scalars())
    strand(own, "2070-01-01 00:00+00", "2070-12-31 00:00+00")
    own.exec_driver_sql(f"UPDATE usage_logs SET user_id = '{users[0]}'")
    ensure(own, 2, "2071-01-15 00:00+00")
    pool = create_engine(bare_engine.url, pool_size=8)
    with Writers(pool, order, 8, users) as writers:
        time.sleep(0.2)
        done = [retire(own, "1 month", as_of=datetime(2071, 2, 1, tzinfo=UTC)) for _ in range(3)]
    pool.dispose()
    assert writers.errors == []
    assert sum(retired for retired, _ in done) == 12
    assert done[-1] == (0, 0)
    assert scalar(own, "SELECT count(*) FROM usage_logs") == writers.written
    assert len(scalar(own, ARCHIVED).split()) == 12


@pytest.mark.parametrize("table", KEYS)
def test_each_partitioned_table_is_retired(own: Connection, table: str) -> None:
    make_row(own, table, **{KEYS[table]: "2071-01-15 00:00+00"})
    ensure(own, 0, "2071-03-01 00:00+00")
    moment = datetime(2071, 3, 1, tzinfo=UTC)
    assert retire(own, "1 month", as_of=moment) == (1, 0)
    assert len(rows_of(own, f"archive.{table}_p20710101")) == 1
