"""What the command line, the environment and ``alembic.ini`` say: the first that is set."""

import os
from collections.abc import Mapping

from alembic.util import CommandError


def first_given(
    x_arguments: Mapping[str, str],
    option: str,
    variable: str,
    *,
    ini: str | None = None,
    key: str = "",
) -> tuple[str, str] | None:
    """Return the value of a setting as (source, value), or None if it is not set.

    The first that is set wins: ``-x option=…``, the environment variable ``variable``, and ``ini``,
    which ``alembic.ini`` has under ``key``, or else under the option's name. What is left empty in
    a file is left out.

    Raises:
        CommandError: the first that is set is empty: a secret that is missing, say. What comes
            after it is somewhere else.
    """
    for source, value in (
        (f"-x {option}", x_arguments.get(option)),
        (variable, os.environ.get(variable)),
    ):
        if value is None:
            continue
        if not value.strip():
            raise CommandError(
                f"{source} is set, but empty.\n"
                "Nothing was changed. Give it its value, or leave it out if it is not wanted."
            )
        return source, value.strip()
    return (f"{key or option} in alembic.ini", ini.strip()) if ini and ini.strip() else None
