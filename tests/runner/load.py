"""An application at work: sessions that go on while something else is tried."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Self

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError


class Sessions:
    """Threads that work from the beginning of the block to its end; keeps their errors."""

    def __init__(self, engine: Engine, works: Iterable[Callable[[], None]]) -> None:
        self.errors: list[str] = []
        self._engine = engine
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=work) for work in works]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


class Load(Sessions):
    """Sessions that repeat a statement; keeps the longest time that one took, and the errors."""

    def __init__(self, engine: Engine, *statements: str) -> None:
        super().__init__(engine, [partial(self._repeat, each) for each in statements])
        self.longest = 0.0
        self.done = 0

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


@contextmanager
def released_once_said(
    holder: Connection, caplog: pytest.LogCaptureFixture, words: str, times: int = 1
) -> Iterator[None]:
    """Release what ``holder`` holds when a run has said ``words`` so many times."""

    def release() -> None:
        while caplog.text.count(words) < times:
            time.sleep(0.05)
        holder.rollback()

    thread = threading.Thread(target=release, daemon=True)
    thread.start()
    yield
    thread.join()
