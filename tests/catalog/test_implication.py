"""PostgreSQL's planner proves which CHECKs no row can break."""

import pytest
from sqlalchemy import Connection

from app.catalog.identity import Identity
from app.catalog.implication import unbreakable
from app.catalog.snapshot import snapshot

TABLE = """\
CREATE TABLE part (x varchar(20), y integer, z numeric(10, 2) NOT NULL, CHECK ({old})) {kind}"""
MANY = ", ".join(f"'{n}'" for n in range(90))
PROVED = [
    ("x::text IN ('a', 'b')", "x::text IN ('a', 'b', 'c')"),
    (f"x::text IN ({MANY})", f"x::text IN ({MANY}, 'more')"),
    ("y > 0", "y >= 0"),
    ("y > 0", "y > 0 OR z > 0"),
    ("length(x) < 5", "length(x) < 6"),
    ("true", "z IS NOT NULL"),
    ("x LIKE 'a%'", "x LIKE 'a%' OR y = 1"),
]
NOT_PROVED = [
    ("x::text IN ('a', 'b', 'c')", "x::text IN ('a', 'b')"),
    # A NULL passes the first.
    ("x::text = 'a'", "x IS NOT NULL AND x::text = 'a'"),
    ("y >= 0", "y > 0"),
    ("y > 0", "nowhere > 0"),
    ("y > 0", "y > 1 / (y - y)"),
]
KINDS = ("", "PARTITION BY RANGE (y); CREATE TABLE rest PARTITION OF part DEFAULT")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("old", "new", "proved"),
    [(*each, True) for each in PROVED] + [(*each, False) for each in NOT_PROVED],
)
def test_check_that_no_row_can_break_is_proved(
    connection: Connection, old: str, new: str, proved: bool, kind: str
) -> None:
    connection.exec_driver_sql(TABLE.format(old=old, kind=kind).replace("%", "%%"))
    check = Identity("check constraint", "part", "ck_new")
    there = snapshot(connection, "public")
    found = unbreakable(connection, "public", {check: f"CHECK ({new})"}, there)
    assert found == ({check} if proved else set())
    assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    assert connection.exec_driver_sql("SHOW constraint_exclusion").scalar() == "partition"


def test_partitioned_table_without_partitions_proves_nothing(connection: Connection) -> None:
    connection.exec_driver_sql(TABLE.format(old="y > 0", kind="PARTITION BY RANGE (y)"))
    check = Identity("check constraint", "part", "ck_new")
    there = snapshot(connection, "public")
    assert not unbreakable(connection, "public", {check: "CHECK (y > 1)"}, there)


def test_rule_that_was_never_checked_proves_nothing(connection: Connection) -> None:
    connection.exec_driver_sql(TABLE.format(old="true", kind=""))
    connection.exec_driver_sql("ALTER TABLE part ADD CHECK (y > 0) NOT VALID")
    check = Identity("check constraint", "part", "ck_new")
    there = snapshot(connection, "public")
    assert not unbreakable(connection, "public", {check: "CHECK (y > 0)"}, there)


def test_table_that_may_not_be_read_proves_nothing(connection: Connection) -> None:
    connection.exec_driver_sql(TABLE.format(old="y > 0", kind=""))
    there = snapshot(connection, "public")
    connection.exec_driver_sql("CREATE ROLE stranger_to_part; SET LOCAL ROLE stranger_to_part")
    check = Identity("check constraint", "part", "ck_new")
    assert not unbreakable(connection, "public", {check: "CHECK (y >= 0)"}, there)
    connection.exec_driver_sql("RESET ROLE")
