"""The models, imported anew, for tests that edit them."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import MetaData

import app.models


@contextmanager
def fresh_metadata() -> Iterator[MetaData]:
    """Yield the metadata of newly imported models, which Alembic's environment uses meanwhile."""
    ours = app.models
    replaced = {
        name: module
        for name, module in sys.modules.items()
        if name.split(".")[:2] == ["app", "models"]
        or (name.startswith("app.db.") and hasattr(module, "Base"))
    }
    for name in replaced:
        del sys.modules[name]
    try:
        fresh = importlib.import_module("app.models")
        yield fresh.Base.metadata
    finally:
        for name in [n for n in sys.modules if n.split(".")[:2] == ["app", "models"]]:
            del sys.modules[name]
        sys.modules.update(replaced)
        app.models = ours  # type: ignore[attr-defined, unused-ignore]
