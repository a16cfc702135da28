"""Autogenerate without blind spots: Alembic's comparison, done by PostgreSQL's own catalog.

The models are built in a scratch schema, PostgreSQL prints both sides, and the texts are compared.
The comparators below turn what differs into operations: Alembic's own where the models describe
the object, SQL as PostgreSQL prints it elsewhere, and the live definition for the way down. None of
Alembic's comparators runs: what they would find is found here, from the catalog.

This package works for any ``MetaData`` and names no table.
"""

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from alembic.runtime.plugins import Plugin

from ..server.scratch import find_scratch_url
from .changes.kinds import (
    columns,
    comments,
    constraints,
    functions,
    indexes,
    others,
    policies,
    sequences,
    statistics,
    tables,
    triggers,
    types,
    views,
)
from .fast_path import setup_fast_path
from .writing.finish import process_revision_directives, setup_finish
from .writing.rendering import render_item

# Tables and columns come first: what is created with them needs no operation of its own.
COMPARATORS = (
    tables,
    columns,
    constraints,
    indexes,
    triggers,
    functions,
    sequences,
    views,
    policies,
    types,
    statistics,
    comments,
    others,
)
KINDS = {name: kind for module in COMPARATORS for name, kind in module.KINDS.items()}
PLUGIN = "catalog"


def configure_options(x_arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return what ``context.configure`` needs for the commands that compare.

    ``x_arguments`` are the command line's ``-x name=value``; ``scratch_url`` is read here.
    """
    return {
        "autogenerate_plugins": register(),
        "process_revision_directives": process_revision_directives,
        "render_item": render_item,
        "scratch_url": find_scratch_url(x_arguments),
    }


@cache
def register() -> list[str]:
    """Register this package with Alembic, once, and return the name of the plug-in."""
    Plugin.setup_plugin_from_module(sys.modules[__name__], PLUGIN)
    return [PLUGIN]


def setup(plugin: Plugin) -> None:
    """Add all comparators to ``plugin``; Alembic calls this."""
    setup_fast_path(plugin, KINDS)
    for module in COMPARATORS:
        module.setup(plugin)
    setup_finish(plugin)
