"""An application that goes on writing while partitions come and go."""

import threading
from random import Random

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

LOG, USER = "log first", "user first"
_WRITE_LOG = """\
INSERT INTO usage_logs (user_id, action_type, timestamp)
VALUES (%s, 'written', timestamptz '2071-01-01 00:00+00' + %s * interval '1 hour')"""
_WRITE_USER = "UPDATE users SET full_name = 'seen' WHERE id = %s"


class Writers:
    """Sessions that write a log row and its user in one transaction, again and again."""

    def __init__(self, engine: Engine, order: str, sessions: int, users: list[str]) -> None:
        self.errors: list[str] = []
        self.written = 0
        self._count = threading.Lock()
        self._engine = engine
        self._order = order
        self._users = users
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(Random(n),))  # noqa: S311
            for n in range(sessions)
        ]

    def _write(self, random: Random) -> None:
        written = 0
        with self._engine.connect() as connection:
            while not self._stop.is_set():
                user = random.choice(self._users)
                log = (_WRITE_LOG, (user, random.randrange(3 * 28 * 24)))
                steps = [log, (_WRITE_USER, (user,))]
                try:
                    for statement, parameters in steps if self._order == LOG else steps[::-1]:
                        connection.exec_driver_sql(statement, parameters)
                    connection.commit()
                    written += 1
                except DBAPIError as error:
                    connection.rollback()
                    self.errors.append(str(error.orig))
        with self._count:
            self.written += written

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
