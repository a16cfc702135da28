"""One attribute of one object at a time: the snapshot tells it, and the same in every schema."""

import pytest
from sqlalchemy import Connection

from app.catalog.differences import compare, describe
from app.catalog.snapshot import search_path, snapshot
from tests.catalog.attributes import ATTRIBUTES, SINCE

# What the changes need outside of a schema.
OUTSIDE = """
CREATE SCHEMA one; CREATE SCHEMA two; CREATE ROLE somebody;
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w
"""


def run_in_both(connection: Connection, sql: str) -> None:
    for schema in ("one", "two"):
        with search_path(connection, schema):
            connection.exec_driver_sql(sql)


@pytest.mark.parametrize("setup", ATTRIBUTES, ids=[setup[:60] for setup in ATTRIBUTES])
def test_each_attribute_is_told_and_the_same_in_every_schema(
    connection: Connection, setup: str, subtests: pytest.Subtests
) -> None:
    connection.exec_driver_sql(OUTSIDE)
    run_in_both(connection, setup)
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()[:2])
    before = snapshot(connection, "one")
    for change, told in ATTRIBUTES[setup]:
        if version < SINCE.get(change, 16):
            continue
        with subtests.test(change), connection.begin_nested() as savepoint:
            run_in_both(connection, change)
            after = snapshot(connection, "one")
            assert dict(after) == dict(snapshot(connection, "two"))
            assert told in describe(compare(before, after)).splitlines()
            savepoint.rollback()
