"""How the package is installed, and what people type because of it."""

import sys
from pathlib import Path

from . import DISTRIBUTION

COMMAND = "creativeflow-schema"

_PACKAGE = Path(__file__).parent
IS_CHECKOUT = not (_PACKAGE / "env.py").is_file()
"""Whether this is a checkout, which also an editable install is: a wheel has all in the package."""
HOME = _PACKAGE.parent if IS_CHECKOUT else _PACKAGE
"""Where Alembic's files are: alembic.ini, env.py, script.py.mako and versions/."""


def version() -> str:
    """Return the version of the package, and of Alembic."""
    from importlib.metadata import version

    return f"{COMMAND} {version(DISTRIBUTION)} (Alembic {version('alembic')})"


def typed(arguments: str) -> str:
    """Return a command of Alembic for people to type, beginning as the one that they typed."""
    program = Path(sys.argv[0])
    # ``python -m app`` runs app/__main__.py. A wheel's alembic.ini is nowhere that alembic looks.
    is_own = program.stem == COMMAND or program.parent == _PACKAGE or not IS_CHECKOUT
    return f"{COMMAND if is_own else 'alembic'} {arguments}"
