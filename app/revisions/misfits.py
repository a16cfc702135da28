"""Rows that do not fit what a revision brings: they stop it, or nobody asks them."""

from alembic.config import Config
from alembic.util import CommandError

from ..server.given import first_given

STOP, SKIP = "stop", "skip"
GUARD = "guard"
"""The option that tells of a statement for which guard it asks, and of a run what asks them."""


def find_misfits(config: Config, x_arguments: dict[str, str]) -> str:
    """Return ``STOP`` or ``SKIP``.

    The first that is set wins: ``-x misfits=…``, the environment variable ``DATABASE_MISFITS``,
    ``misfits`` in the section of ``alembic.ini`` in use.

    Raises:
        CommandError: it is empty, or something else.
    """
    ini = config.get_main_option("misfits")
    given = first_given(x_arguments, "misfits", "DATABASE_MISFITS", ini=ini)
    if given is None:
        return STOP
    source, chosen = given
    if chosen not in (STOP, SKIP):
        raise CommandError(
            f"{source} is {chosen!r}, which says nothing about misfits.\n"
            f"Nothing was changed. Write {STOP} or {SKIP}."
        )
    return chosen
