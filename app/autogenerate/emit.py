"""Hooking the comparators into Alembic's dispatch."""

from collections.abc import Mapping
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import UpgradeOps
from alembic.runtime.plugins import Plugin
from alembic.util import PriorityDispatchResult

from .changes.comparison import Comparison
from .changes.kinds.kind import Kind

_KEY = "catalog_comparison"


def remember(options: dict[str, Any], comparison: Comparison) -> None:
    """Keep ``comparison`` for the comparators of the same run."""
    options[_KEY] = comparison


def comparison_of(options: dict[str, Any]) -> Comparison | None:
    """Return the comparison of this run; None if nothing differs."""
    found: Comparison | None = options.get(_KEY)
    return found


def compares(plugin: Plugin, kinds: Mapping[str, Kind]) -> None:
    """Register a comparator that adds the steps for objects of ``kinds``."""

    def compare(context: AutogenContext, _upgrade_ops: UpgradeOps) -> PriorityDispatchResult:
        comparison = comparison_of(context.opts)
        if comparison is not None:
            comparison.take(kinds)
        return PriorityDispatchResult.CONTINUE

    plugin.add_autogenerate_comparator(compare, "autogenerate")
