"""setuptools, which is told when it makes an editable install (docs/decisions/022-two-names.md)."""

import os
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_sdist,
    build_wheel,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

# What setup.py looks at. A frontend calls each hook in a process of its own.
EDITABLE = "CREATIVEFLOW_SCHEMA_EDITABLE"


def prepare_metadata_for_build_editable(*arguments: Any, **options: Any) -> str:
    """Write the metadata of an editable install; its command runs ``app``."""
    os.environ[EDITABLE] = "1"
    return str(build_meta.prepare_metadata_for_build_editable(*arguments, **options))


def build_editable(*arguments: Any, **options: Any) -> str:
    """Build what makes ``app`` of the checkout importable."""
    os.environ[EDITABLE] = "1"
    return str(build_meta.build_editable(*arguments, **options))
