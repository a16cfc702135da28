"""An application that goes on writing while partitions come and go."""

import threading
import time
from functools import partial
from random import Random

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from tests.runner.load import Sessions

LOG, USER = "log first", "user first"
_WRITE_LOG = """\
INSERT INTO usage_logs (user_id, action_type, timestamp)
VALUES (%s, 'written', timestamptz '2071-01-01 00:00+00' + %s * interval '1 hour')"""
_WRITE_USER = "UPDATE users SET full_name = 'seen' WHERE id = %s"


class Writers(Sessions):
    """Sessions that write a log row and its user in one transaction, again and again.

    Counts the transactions and keeps the longest time, in seconds, that one took.
    """

    def __init__(self, engine: Engine, order: str, sessions: int, users: list[str]) -> None:
        super().__init__(
            engine,
            [partial(self._write, Random(n)) for n in range(sessions)],  # noqa: S311
        )
        self.written = 0
        self.longest = 0.0
        self._count = threading.Lock()
        self._order = order
        self._users = users

    def _write(self, random: Random) -> None:
        written = 0
        with self._engine.connect() as connection:
            while not self._stop.is_set():
                user = random.choice(self._users)
                log = (_WRITE_LOG, (user, random.randrange(3 * 28 * 24)))
                steps = [log, (_WRITE_USER, (user,))]
                began = time.monotonic()
                try:
                    for statement, parameters in steps if self._order == LOG else steps[::-1]:
                        connection.exec_driver_sql(statement, parameters)
                    connection.commit()
                    written += 1
                except DBAPIError as error:
                    connection.rollback()
                    self.errors.append(str(error.orig))
                self.longest = max(self.longest, time.monotonic() - began)
        with self._count:
            self.written += written
