"""Rows move to their month while an application writes: none lost, none doubled, nobody fails."""

import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, create_engine

from tests.partitions.database import ensure, retire, scalar
from tests.partitions.writers import LOG, USER, Writers

SESSIONS = 8
ADD_USERS = """\
INSERT INTO users (email, username, password_hash)
SELECT n || '@example.com', n, 'x' FROM generate_series(1, 50) AS n RETURNING id::text"""
STRAND = """\
INSERT INTO usage_logs (user_id, action_type, timestamp)
SELECT (%s::uuid[])[1 + n %% 50], 'stranded',
       timestamptz '2071-01-01 00:00+00' + n * interval '83 days' / %s
FROM generate_series(0, %s) AS n"""
FINGERPRINT = """\
SELECT count(*), sum(hashtextextended(t::text, 0)) FROM usage_logs AS t
WHERE action_type = 'stranded'"""


def let_rows_move(
    connection: Connection, engine: Engine, order: str, stranded: int, *, calls: int
) -> None:
    """Strand rows, move them while writers add more, and see that every row is there once."""
    users = list(connection.exec_driver_sql(ADD_USERS).scalars())
    connection.exec_driver_sql(STRAND, (users, stranded, stranded - 1))
    before = connection.exec_driver_sql(FINGERPRINT).one()
    pool = create_engine(engine.url, pool_size=SESSIONS)
    moved = 0
    with Writers(pool, order, SESSIONS, users) as writers:
        time.sleep(0.2)
        for _ in range(calls):
            done = ensure(connection)
            moved += done.moved
            if moved and not done.failed:
                break
    pool.dispose()
    print(
        f"{moved} rows moved beside {writers.written} transactions of {SESSIONS} writers,"
        f" the longest {writers.longest:.2f} s"
    )
    assert writers.errors == []
    assert done.failed == 0
    assert moved >= stranded
    assert connection.exec_driver_sql(FINGERPRINT).one() == before
    assert scalar(connection, "SELECT count(*) FROM usage_logs") == stranded + writers.written
    assert scalar(connection, "SELECT count(DISTINCT id) FROM usage_logs") == (
        stranded + writers.written
    )
    assert writers.written > 10 * SESSIONS
    assert scalar(connection, "SELECT count(*) FROM usage_logs_default") == 0


@pytest.mark.parametrize("order", [USER, LOG])
def test_rows_move_while_an_application_writes(
    own: Connection, bare_engine: Engine, order: str
) -> None:
    set_deadlock_timeout(own, "200ms")
    let_rows_move(own, bare_engine, order, 2_000, calls=2)


@pytest.mark.fault
@pytest.mark.parametrize("order", [USER, LOG])
def test_100_000_rows_move_while_an_application_writes(
    own: Connection, bare_engine: Engine, order: str
) -> None:
    set_deadlock_timeout(own, "1s")
    for _ in range(3):
        let_rows_move(own, bare_engine, order, 100_000, calls=3)
        own.exec_driver_sql("TRUNCATE users CASCADE")
        retire(own, "1 month", drop=True, as_of=datetime(2080, 1, 1, tzinfo=UTC))


@pytest.mark.fault
def test_application_that_locks_in_both_orders_is_never_the_victim(
    own: Connection, bare_engine: Engine
) -> None:
    """Whether rows move or stay, none is lost and no writer fails."""
    set_deadlock_timeout(own, "1s")
    users = list(own.exec_driver_sql(ADD_USERS).scalars())
    own.exec_driver_sql(STRAND, (users, 10_000, 9_999))
    before = own.exec_driver_sql(FINGERPRINT).one()
    pool = create_engine(bare_engine.url, pool_size=SESSIONS)
    with Writers(pool, LOG, 4, users) as some, Writers(pool, USER, 4, users) as others:
        ensure(own)
    pool.dispose()
    assert some.errors + others.errors == []
    assert own.exec_driver_sql(FINGERPRINT).one() == before
    total = 10_000 + some.written + others.written
    assert scalar(own, "SELECT count(*) FROM usage_logs") == total


def set_deadlock_timeout(connection: Connection, value: str) -> None:
    """Set it for the writers too, as a server has it."""
    connection.exec_driver_sql(
        f"ALTER DATABASE {connection.engine.url.database} SET deadlock_timeout TO '{value}'"
    )
    connection.exec_driver_sql(f"SET deadlock_timeout TO '{value}'")
