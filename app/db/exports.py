"""What a package of models exports: all its modules, also those that nobody imports."""

import inspect
import sys
from collections import defaultdict
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from sqlalchemy.orm import DeclarativeBase

from .value_lists import ValueList


def import_modules(package: str, path: Iterable[str]) -> None:
    """Import every module of ``package``, whose ``__path__`` is ``path``."""
    for module in iter_modules(path):
        import_module(f"{package}.{module.name}")


def forgotten_exports(package: str, base: type[DeclarativeBase]) -> list[str]:
    """Return what ``package`` does not export of its models and their enums, a line per module.

    Each line begins with the file to edit, and its line: ``app/models/__init__.py:34: ...``.
    """
    exported = sys.modules[package]
    lacking: dict[str, set[str]] = defaultdict(set)
    for class_ in _classes(base):
        module, name = class_.__module__, class_.__name__
        if module.startswith(f"{package}.") and name not in exported.__all__:
            lacking[module.removeprefix(package)].add(name)
    lines = inspect.getsource(exported).splitlines() if lacking else []
    number = next((n for n, line in enumerate(lines, 1) if line.startswith("__all__")), 1)
    file = f"{package.replace('.', '/')}/{Path(str(exported.__file__)).name}"
    return [
        f"{file}:{number}: not exported: from {module} import {', '.join(sorted(names))}, "
        "and the same in __all__"
        for module, names in sorted(lacking.items())
    ]


def _classes(base: type[DeclarativeBase]) -> set[type]:
    """Return the mapped classes, and the enums of their columns."""
    classes: set[type] = set()
    for mapper in base.registry.mappers:
        types = [column.type for column in mapper.columns]
        lists = [each.members for each in types if isinstance(each, ValueList)]
        classes |= {mapper.class_, *lists}
    return classes
