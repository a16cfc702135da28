"""Alembic's environment, held by the package: beside this file in a checkout, or all around it.

Where this file stands says which package that is: a service may have an ``app`` of its own.
"""

import sys
from importlib import import_module
from pathlib import Path

from alembic.util import CommandError

HERE = Path(__file__).resolve().parent
NAME, OTHER_NAME = "app", "creativeflow_schema"
if not (HERE / NAME).is_dir():
    NAME, OTHER_NAME = HERE.name, NAME


def is_ours(name: str) -> bool:
    """Tell whether the loaded module ``name`` is this project's package."""
    loaded = sys.modules.get(name)
    return getattr(loaded, "DISTRIBUTION", None) == "creativeflow-postgresql-schema"


if is_ours(OTHER_NAME) or (NAME in sys.modules and not is_ours(NAME)):
    loaded = sys.modules[OTHER_NAME if is_ours(OTHER_NAME) else NAME]
    raise CommandError(
        f"{HERE} works with its own package {NAME}, but loaded is {loaded.__file__ or loaded}.\n"
        f"Nothing was done. In a process of its own it works: alembic -c {HERE / 'alembic.ini'} ..."
    )
if NAME == "app" and NAME not in sys.modules:
    sys.path.insert(0, str(HERE))
import_module(f"{NAME}.environment").run()
