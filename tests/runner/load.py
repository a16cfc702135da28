"""An application at work: sessions that repeat a statement while something else is tried."""

import threading
import time

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError


class Load:
    """Sessions that repeat a statement; keeps the longest time that one took, and the errors."""

    def __init__(self, engine: Engine, *statements: str) -> None:
        self.longest = 0.0
        self.done = 0
        self.errors: list[str] = []
        self._engine = engine
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=(s,)) for s in statements]

    def _repeat(self, statement: str) -> None:
        with self._engine.connect() as connection:
            while not self._stop.wait(0.005):
                started = time.monotonic()
                try:
                    connection.exec_driver_sql(statement)
                    connection.commit()
                except DBAPIError as error:
                    connection.rollback()
                    self.errors.append(str(error))
                self.longest = max(self.longest, time.monotonic() - started)
                self.done += 1

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
