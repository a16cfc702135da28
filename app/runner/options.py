"""How patient a run is: options, each from -x, the environment, alembic.ini or a default."""

import re
from dataclasses import dataclass, fields

from alembic.config import Config
from alembic.util import CommandError

from ..revisions.misfits import STOP, find_misfits
from ..server.given import first_given

UNITS = {"": 1, "ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(\d{1,9}) ?(" + "|".join(UNITS) + ")")


@dataclass(frozen=True)
class Options:
    """The options of a run; durations are in milliseconds.

    ``lock_timeout`` and ``statement_timeout`` are PostgreSQL's settings (0: none) that each
    revision starts with. ``lock_attempts`` says how often a revision is tried when locks stand in
    its way, ``wait_timeout`` how long to wait for another run on the same database. ``misfits``
    says whether rows that do not fit stop a revision.
    """

    # No query queues behind a waiting migration for longer. Between one and two times PostgreSQL's
    # deadlock_timeout of 1 s: autovacuum, cancelled after one, gives way, and of a deadlock the
    # migration is the victim, never the application (docs/decisions/031-lock-timeout.md).
    lock_timeout: int = 1_800
    # What blocks the application for longer is an outage.
    statement_timeout: int = 60_000
    # With the pauses in between, about two minutes.
    lock_attempts: int = 12
    wait_timeout: int = 600_000
    misfits: str = STOP


def find_options(config: Config, x_arguments: dict[str, str]) -> Options:
    """Return the options of the run.

    For each, the first that is set wins: ``-x lock_timeout=…``, the environment variable
    ``DATABASE_LOCK_TIMEOUT``, ``lock_timeout`` in the section of ``alembic.ini`` in use, the
    default. Durations are written as PostgreSQL's settings are: ``1800ms``, ``5s``, ``10min``,
    a plain number being milliseconds.

    Raises:
        CommandError: a value is empty, no duration, no number of attempts, or not known.
    """
    found: dict[str, int] = {}
    for name in (field.name for field in fields(Options) if field.type is int):
        ini = config.get_main_option(name)
        given = first_given(x_arguments, name, f"DATABASE_{name.upper()}", ini=ini)
        if given:
            source, value = given
            parse = _parse_attempts if name == "lock_attempts" else _parse_duration
            found[name] = parse(value, source)
    return Options(**found, misfits=find_misfits(config, x_arguments))


def in_words(milliseconds: float) -> str:
    """Return a duration as people write it: ``900 ms``, ``1.2 s``, ``35 s``, ``12 min``."""
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1_000
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _parse_duration(value: str, source: str) -> int:
    match = _DURATION.fullmatch(value)
    milliseconds = int(match[1]) * UNITS[match[2]] if match else -1
    if not 0 <= milliseconds < 2**31:
        raise CommandError(
            f"{source} is {value!r}, which is no duration.\n"
            "Nothing was changed. Write it like 1800ms, 5s or 10min (0: no limit)."
        )
    return milliseconds


def _parse_attempts(value: str, source: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 1_000:
        raise CommandError(
            f"{source} is {value!r}, which is no number of attempts.\n"
            "Nothing was changed. Write a whole number from 1 to 1000."
        )
    return int(value)
