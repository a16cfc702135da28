"""Rows that move reach logical subscribers exactly once, or stay where they are."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from app.partitions.messages import long_call
from tests.partitions.database import Done, ensure, partitions, rows_of, scalar, strand
from tests.partitions.replication import Subscriber, autocommit, subscribed
from tests.partitions.test_writers import let_rows_move, set_deadlock_timeout
from tests.partitions.writers import LOG, USER
from tests.runner.database import execute
from tests.support.databases import Databases

VIA_ROOT = "WITH (publish_via_partition_root = true)"
WHOLE = [
    f"FOR TABLE usage_logs {VIA_ROOT}",
    f"FOR ALL TABLES {VIA_ROOT}",
    f"FOR TABLES IN SCHEMA public {VIA_ROOT}",
]
OTHERS = {
    "FOR TABLE usage_logs": "does not publish via the root",
    "FOR ALL TABLES": "does not publish via the root",
    "FOR TABLES IN SCHEMA public": "does not publish via the root",
    "FOR TABLE usage_logs_default": "has the DEFAULT partition without the table",
    f"FOR TABLE usage_logs_default {VIA_ROOT}": "has the DEFAULT partition without the table",
    "FOR TABLE usage_logs WITH (publish_via_partition_root = true, publish = 'insert')": (
        "publishes not both inserts and deletes"
    ),
    "FOR ALL TABLES WITH (publish_via_partition_root = true, publish = 'update, delete')": (
        "publishes not both inserts and deletes"
    ),
    f"FOR TABLE usage_logs WHERE (id > 0) {VIA_ROOT}": "has a row filter",
    f"FOR TABLE usage_logs (id, action_type, timestamp) {VIA_ROOT}": "has a column list",
}


@pytest.fixture
def subscriber_engine(databases: Databases, bare_template: str) -> Iterator[Engine]:
    """A second database without partitions, and without a version that others would copy."""
    with databases.create(bare_template) as engine:
        execute(engine, "DELETE FROM alembic_version")
        yield engine


def ensure_and_listen(connection: Connection, months_ahead: int = 0) -> tuple[Done, list[str]]:
    warnings: list[str] = []
    with long_call(connection, "warning", warnings.append):
        return ensure(connection, months_ahead), warnings


def assert_equal(own: Connection, subscriber: Subscriber, table: str = "usage_logs") -> None:
    subscriber.catch_up()
    assert subscriber.rows_of(table) == rows_of(own, table)
    assert subscriber.errors() == 0


@pytest.mark.parametrize("publication", WHOLE)
def test_rows_that_move_arrive_once(
    own: Connection, bare_engine: Engine, subscriber_engine: Engine, publication: str
) -> None:
    with subscribed(bare_engine, subscriber_engine, publication) as subscriber:
        strand(own, "2071-01-30 00:00+00", "2071-03-02 00:00+00", "1 hour")
        assert_equal(own, subscriber)
        done, warnings = ensure_and_listen(own)
        assert (done.moved, done.failed, warnings) == (31 * 24 + 1, 0, [])
        assert_equal(own, subscriber)
        own.exec_driver_sql("UPDATE usage_logs SET action_type = 'updated' WHERE id %% 2 = 0")
        own.exec_driver_sql("DELETE FROM usage_logs WHERE id %% 3 = 0")
        strand(own, "2071-02-10 00:00+00", "2071-02-10 00:00+00")
        assert_equal(own, subscriber)


def test_subscriber_moves_its_own_rows_by_itself(
    own: Connection, bare_engine: Engine, subscriber_engine: Engine
) -> None:
    with subscribed(bare_engine, subscriber_engine, WHOLE[0]) as subscriber:
        strand(own, "2071-01-30 00:00+00", "2071-03-02 00:00+00", "1 hour")
        subscriber.catch_up()
        with autocommit(subscriber_engine) as there:
            assert ensure(there).moved == ensure(own).moved > 0
        assert_equal(own, subscriber)


@pytest.mark.parametrize("publication", OTHERS)
def test_rows_stay_where_subscribers_would_lose_them(own: Connection, publication: str) -> None:
    strand(own, "2071-01-30 00:00+00", "2071-03-02 00:00+00")
    own.exec_driver_sql(f"CREATE PUBLICATION published {publication}")
    before = rows_of(own, "usage_logs_default")
    done, warnings = ensure_and_listen(own)
    assert (done.moved, done.failed) == (0, 3)
    assert rows_of(own, "usage_logs_default") == before
    assert partitions(own, "usage_logs") == {}
    said = [each for each in warnings if " stay in DEFAULT" in each]
    assert said == [each for each in said if "2071-01 to 2071-03 (3 months)" in each]
    assert f"publication published {OTHERS[publication]}" in said[0]
    assert "ALTER PUBLICATION published " in said[0]


@pytest.mark.parametrize("publication", ["FOR TABLE users", "FOR TABLE usage_logs_p20710301"])
def test_publications_of_other_tables_are_no_hindrance(own: Connection, publication: str) -> None:
    ensure(own, 0, "2071-03-01 00:00+00")
    strand(own, "2071-01-30 00:00+00", "2071-02-02 00:00+00")
    own.exec_driver_sql(f"CREATE PUBLICATION published {publication}")
    done, warnings = ensure_and_listen(own)
    assert (done.moved, done.failed, warnings) == (4, 0, [])


def test_row_that_comes_after_the_look_stays_too(own: Connection) -> None:
    own.exec_driver_sql("CREATE PUBLICATION published FOR TABLE usage_logs")
    strand(own, "2071-02-14 00:00+00", "2071-02-14 00:00+00")
    with pytest.raises(Exception, match="does not publish via the root"):
        scalar(own, "SELECT create_month_partition('usage_logs', '2071-02-01')")
    assert scalar(own, "SELECT count(*) FROM usage_logs_default") == 1


@pytest.mark.parametrize("publication", ["FOR TABLE usage_logs", "FOR ALL TABLES"])
def test_recipe_for_a_new_month_of_subscribers_that_get_each_partition_by_its_name(
    own: Connection, bare_engine: Engine, subscriber_engine: Engine, publication: str
) -> None:
    with subscribed(bare_engine, subscriber_engine, publication) as subscriber:
        with autocommit(subscriber_engine) as there:
            assert ensure(there).created == 3
        done, warnings = ensure_and_listen(own)
        assert (done.created, done.failed) == (3, 0)
        said = [each for each in warnings if each.startswith("usage_logs: ")]
        assert said == [
            "usage_logs: publication published does not publish via the root: make each new month"
            " on the subscribers, then here, then let them REFRESH PUBLICATION, all before its"
            " first row (docs/dba.md)"
        ]
        subscriber.refresh()
        strand(own, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
        assert_equal(own, subscriber)
        assert ensure_and_listen(own) == (Done(0, 0, 0), [])


def test_way_out_by_publishing_via_the_root(
    own: Connection, bare_engine: Engine, subscriber_engine: Engine
) -> None:
    with subscribed(bare_engine, subscriber_engine, "FOR TABLE usage_logs") as subscriber:
        strand(own, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
        subscriber.catch_up()
        assert ensure(own).moved == 0
        own.exec_driver_sql("ALTER PUBLICATION published SET (publish_via_partition_root = true)")
        subscriber.refresh(copy_data=False)
        assert ensure(own).moved == 28
        assert_equal(own, subscriber)
        strand(own, "2071-02-01 00:00+00", "2071-03-28 00:00+00")
        assert_equal(own, subscriber)


def test_way_out_by_taking_the_table_from_the_publication_meanwhile(
    own: Connection, bare_engine: Engine, subscriber_engine: Engine
) -> None:
    table = "TABLE usage_logs WHERE (action_type <> 'hidden')"
    with subscribed(bare_engine, subscriber_engine, f"FOR {table} {VIA_ROOT}") as subscriber:
        strand(own, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
        subscriber.catch_up()
        assert ensure(own).moved == 0
        own.exec_driver_sql("ALTER PUBLICATION published DROP TABLE usage_logs")
        assert ensure(own).moved == 28
        own.exec_driver_sql(f"ALTER PUBLICATION published ADD {table}")
        strand(own, "2071-02-01 00:00+00", "2071-03-28 00:00+00")
        assert_equal(own, subscriber)


@pytest.mark.fault
@pytest.mark.parametrize("order", [USER, LOG])
def test_subscriber_equals_publisher_after_100_000_rows_moved_under_load(
    own: Connection, bare_engine: Engine, subscriber_engine: Engine, order: str
) -> None:
    publication = f"FOR TABLES IN SCHEMA public {VIA_ROOT}"
    with subscribed(bare_engine, subscriber_engine, publication) as subscriber:
        set_deadlock_timeout(own, "1s")
        let_rows_move(own, bare_engine, order, 100_000, calls=3)
        subscriber.catch_up(240)
        for table in ("usage_logs", "users"):
            assert subscriber.rows_of(table) == rows_of(own, table)
        assert subscriber.errors() == 0
