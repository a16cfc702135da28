"""``lock_tables`` gives up before any other session looks for a deadlock."""

import threading
import time

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tests.partitions.database import scalar
from tests.partitions.test_stranded_rows import locked

CALL = """\
CALL lock_tables('public.users IN SHARE ROW EXCLUSIVE MODE',
                 'public.teams IN ACCESS EXCLUSIVE MODE',
                 'public.notifications_default IN ACCESS EXCLUSIVE MODE')"""


def test_all_waits_after_the_first_lock_are_shorter_than_deadlock_timeout(
    own: Connection, bare_engine: Engine
) -> None:
    own.exec_driver_sql("SET deadlock_timeout TO '500ms'")
    released = threading.Event()

    def hold_teams() -> None:
        with locked(bare_engine, "teams"):
            released.wait(0.3)

    holder = threading.Thread(target=hold_teams)
    with locked(bare_engine, "notifications_default"):
        holder.start()
        time.sleep(0.02)
        started = time.monotonic()
        with pytest.raises(DBAPIError, match="lock timeout"):
            own.exec_driver_sql(CALL)
        waited = time.monotonic() - started
    holder.join()
    assert 0.25 < waited < 0.5


def test_what_is_left_of_the_time_is_the_lock_timeout_of_the_transaction(
    bare_engine: Engine,
) -> None:
    with bare_engine.connect() as connection:
        connection.exec_driver_sql(CALL)
        remaining = scalar(connection, "SHOW lock_timeout")
        assert 700 <= int(remaining.removesuffix("ms")) <= 800
        connection.rollback()
        assert scalar(connection, "SHOW lock_timeout") == "0"
