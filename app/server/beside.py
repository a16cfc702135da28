"""Work on another connection beside the one that is in use, in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.pool import NullPool, QueuePool

from ..compat import engine_through

T = TypeVar("T")


def beside(
    connection: Connection,
    work: Callable[[Connection], T],
    until: Callable[[], bool] = lambda: True,
) -> Future[T]:
    """Do ``work`` on a second connection to the database of ``connection``.

    It comes from a pool of its own: the caller's may have no other connection to give. The thread
    is a daemon, so work that does not end keeps no program from ending. ``until`` waits there
    until the work is needed, and tells whether it is: if not, the future is cancelled. A pool that
    may hand out the very connection that is in use gives an error instead.
    """
    future: Future[T] = Future()
    pool = connection.engine.pool
    if not isinstance(pool, (NullPool, QueuePool)):
        future.set_exception(NotImplementedError(f"no second connection from {pool!r}"))
        return future
    engine = engine_through(pool.recreate(), connection.engine)
    do = _asynchronously if engine.dialect.is_async else _do

    def run() -> None:
        try:
            if until():
                future.set_result(do(engine, work))
            else:
                future.cancel()
                future.set_running_or_notify_cancel()  # who waits for it
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="beside", daemon=True).start()
    return future


def _do(engine: Engine, work: Callable[[Connection], T]) -> T:
    try:
        with engine.connect() as connection:
            return work(connection)
    finally:
        engine.dispose()


def _asynchronously(engine: Engine, work: Callable[[Connection], T]) -> T:
    from sqlalchemy.ext.asyncio import AsyncEngine  # who gets here has it already

    async def run() -> T:
        asynchronous = AsyncEngine(engine)
        try:
            async with asynchronous.connect() as connection:
                return await connection.run_sync(work)
        finally:
            await asynchronous.dispose()

    return asyncio.run(run())
