"""How the package is installed, and what people type because of it."""

import sys
from pathlib import Path

COMMAND = "creativeflow-schema"
DISTRIBUTION = "creativeflow-postgresql-schema"

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent


def alembic_ini() -> Path:
    """Return the ``alembic.ini`` that belongs to this code."""
    return ROOT / "alembic.ini"


def version() -> str:
    """Return the version of the package, and of Alembic."""
    from importlib.metadata import version

    return f"{COMMAND} {version(DISTRIBUTION)} (Alembic {version('alembic')})"


def typed(arguments: str) -> str:
    """Return a command of Alembic for people to type, beginning as the one that they typed."""
    program = Path(sys.argv[0])
    # ``python -m app`` runs app/__main__.py.
    is_own = program.stem == COMMAND or program.parent == PACKAGE
    return f"{COMMAND if is_own else 'alembic'} {arguments}"
