"""PostgreSQL's table-level lock modes, and who waits for them."""

import re

# As pg_locks prints them, the weakest first.
MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
READ, WRITE = MODES[0], MODES[2]


def in_words(mode: str) -> str:
    """Return ``mode`` as SQL has it: ``ACCESS EXCLUSIVE``."""
    return " ".join(re.findall("[A-Z][a-z]+", mode.removesuffix("Lock"))).upper()


def strength(mode: str) -> int:
    """Return a number that is higher the more ``mode`` shuts out."""
    return MODES.index(mode)


def who_waits(mode: str) -> str | None:
    """Return who waits while another session has the lock; None if neither readers nor writers."""
    if mode == MODES[-1]:
        return "readers and writers"
    return "writers" if strength(mode) >= MODES.index("ShareLock") else None
