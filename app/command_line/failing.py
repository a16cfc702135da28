"""A failure is told once, on stderr, by Alembic's commands too."""

import sys
from typing import NoReturn

from ..compat import tell_failures_by

EXIT_CODE = 255  # what Alembic's -1 comes out as


def tell_once() -> None:
    """Have Alembic's command line tell a failure as :func:`tell` does."""
    tell_failures_by(tell)


def tell(message: str) -> NoReturn:
    """Print ``message`` to stderr and end the process."""
    print(f"FAILED: {message}", file=sys.stderr)
    sys.exit(EXIT_CODE)
