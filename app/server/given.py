"""What the command line, the environment and ``alembic.ini`` say: the first that is set."""

from collections.abc import Iterable

from alembic.util import CommandError


def first_given(
    candidates: Iterable[tuple[str, str | None]], *, ini: tuple[str, str | None] = ("", None)
) -> tuple[str, str] | None:
    """Return the first of ``candidates`` that is set, as (source, value), else ``ini``, else None.

    What is left empty in a file is left out; ``ini`` may be.

    Raises:
        CommandError: a candidate is set, but empty: a secret that is missing, say. What comes
            after it is somewhere else.
    """
    for source, value in candidates:
        if value is None:
            continue
        if not value.strip():
            raise CommandError(
                f"{source} is set, but empty.\n"
                "Nothing was changed. Give it its value, or leave it out if it is not wanted."
            )
        return source, value.strip()
    source, value = ini
    return (source, value.strip()) if value and value.strip() else None
