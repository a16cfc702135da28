"""The last comparator puts the steps in order; the hook hands them over with their reverses."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from alembic.autogenerate.api import AutogenContext, RevisionContext
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.runtime.plugins import Plugin
from alembic.script import Script
from alembic.util import (
    DispatchPriority,
    PriorityDispatchResult,
)

from ...revisions.numbers import chained_ids
from ..changes.comparison import Comparison
from ..changes.order import arrange
from ..emit import comparison_of
from .online.layout import Part, lay_out
from .online.tasks import tasks_of
from .operations import Refused, Reversible
from .readable import ReadableUpgradeOps
from .review import points_to_review


def setup_finish(plugin: Plugin) -> None:
    """Register the comparator that writes the operations."""

    def write(context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
        comparison = comparison_of(context.opts)
        if comparison is None:
            return PriorityDispatchResult.CONTINUE
        comparison.steps[:] = arrange(
            comparison.steps, comparison.found_dependencies, comparison.expected_dependencies
        )
        upgrade_ops.ops = [Refused(text) for text in comparison.plan.refusals.values()]
        upgrade_ops.ops += [Reversible(step.forward, step.backward) for step in comparison.steps]
        return PriorityDispatchResult.CONTINUE

    plugin.add_autogenerate_comparator(write, "autogenerate", priority=DispatchPriority.LAST)


def process_revision_directives(
    context: MigrationContext,
    _revision: str | Iterable[str | None] | Iterable[str],
    directives: list[ops.MigrationScript],
) -> None:
    """Cut what Alembic compared into revisions; where nothing differs, keep it from writing one.

    Gives the template ``review``: for each revision id the points that a reviewer must look at.
    """
    script = directives[0]
    comparison = comparison_of(context.opts)
    if comparison is None:
        if not script.upgrade_ops_list[-1].ops:
            _write_nothing(context)
        return
    revision_context: RevisionContext = context.opts["revision_context"]
    upgrade, downgrade = script.upgrade_ops_list[-1], script.downgrade_ops_list[-1]

    def readable(operations: list[ops.MigrateOperation]) -> ReadableUpgradeOps:
        return ReadableUpgradeOps(operations, upgrade.upgrade_token, comparison, revision_context)

    if comparison.plan.refusals:
        script.upgrade_ops = readable(upgrade.ops)
        return
    parts = lay_out(tasks_of(comparison))
    ids = chained_ids(revision_context.script_directory, script.rev_id, len(parts))
    script.rev_id = ids[0]
    script.upgrade_ops, downgrade.ops = readable(parts[0].upgrade()), parts[0].downgrade()
    messages = _messages(script.message, parts)
    script.message = messages[0]
    directives += [
        ops.MigrationScript(
            id_,
            readable(part.upgrade()),
            ops.DowngradeOps(part.downgrade(), downgrade.downgrade_token),
            message=message,
            head=previous,
            version_path=script.version_path,
        )
        for part, message, (previous, id_) in zip(
            parts[1:], messages[1:], pairwise(ids), strict=True
        )
    ]
    context.opts["template_args"]["review"] = _review(comparison, ids, parts)


def _messages(message: str | None, parts: list[Part]) -> list[str | None]:
    """Return what each revision is called: as the user says, with what tells it from the others."""
    prefix = f"{message}: " if message else ""
    messages: list[str | None] = [prefix + part.title() for part in parts]
    if len(parts) == 1 or not parts[0].alone:
        messages[0] = message
    return messages


def _review(comparison: Comparison, ids: list[str], parts: list[Part]) -> dict[str, list[str]]:
    """Return the points to review of each revision; those of an object where it comes first."""
    review: dict[str, list[str]] = {}
    seen: set[str] = set()
    for id_, part in zip(ids, parts, strict=True):
        points = points_to_review(comparison, part.identities)
        review[id_] = [point for point in points if point not in seen]
        seen.update(points)
    return review


def _write_nothing(context: MigrationContext) -> None:
    revision_context = context.opts["revision_context"]

    def no_scripts() -> Iterator[Script | None]:
        # ``alembic check`` never comes here.
        revision_context.config.print_stdout(
            "The database is as the models describe it: no revision was written."
        )
        return iter(())

    revision_context.generate_scripts = no_scripts
