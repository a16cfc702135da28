"""Rows that do not fit what a revision brings: they stop it, or nobody asks them."""

import os

from alembic.config import Config
from alembic.util import CommandError

from ..server.given import first_given

STOP, SKIP = "stop", "skip"
GUARD = "guard"
"""The option that tells of a statement for which guard it asks, and of a run what asks them."""
_VARIABLE = "DATABASE_MISFITS"


def find_misfits(config: Config, x_arguments: dict[str, str]) -> str:
    """Return ``STOP`` or ``SKIP``.

    The first that is set wins: ``-x misfits=…``, the environment variable ``DATABASE_MISFITS``,
    ``misfits`` in the section of ``alembic.ini`` in use.

    Raises:
        CommandError: it is empty, or something else.
    """
    given = first_given(
        (
            ("-x misfits", x_arguments.get("misfits")),
            (_VARIABLE, os.environ.get(_VARIABLE)),
        ),
        ini=("misfits in alembic.ini", config.get_main_option("misfits")),
    )
    if given is None:
        return STOP
    source, chosen = given
    if chosen not in (STOP, SKIP):
        raise CommandError(
            f"{source} is {chosen!r}, which says nothing about misfits.\n"
            f"Nothing was changed. Write {STOP} or {SKIP}."
        )
    return chosen
