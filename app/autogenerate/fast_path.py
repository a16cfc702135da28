"""The first comparator: two snapshots. If they are equal nothing differs, and nothing else runs."""

from collections.abc import Callable
from functools import lru_cache

from alembic import util
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import UpgradeOps
from alembic.runtime.plugins import Plugin
from alembic.util import CommandError, DispatchPriority, PriorityDispatchResult
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.types import TypeEngine

from ..catalog.dependencies import dependencies
from ..catalog.differences import Difference, compare
from ..catalog.identity import Identity
from ..catalog.implication import unbreakable
from ..catalog.snapshot import Snapshot, search_path, snapshot
from ..server.scratch import scratch_connection
from . import emit
from .changes.comparison import Comparison
from .changes.kinds.kind import Kinds, Sides
from .changes.models import Models
from .changes.plan import make_plan
from .scratch.copy import scratch_copy
from .scratch.memory import memory_of, recall, remember
from .scratch.recording import record
from .scratch.reparse import same_when_reparsed

# Within one type, and between types with assignment casts both ways, no USING is needed.
_NEEDS_CAST = text("""
SELECT to_regtype(:found) IS DISTINCT FROM to_regtype(:expected)
       AND 2 > (SELECT count(*) FROM pg_cast
                WHERE castcontext IN ('i', 'a')
                      AND ((castsource, casttarget) = (to_regtype(:found), to_regtype(:expected))
                           OR (casttarget, castsource)
                              = (to_regtype(:found), to_regtype(:expected))))
""")


def compare_schema(
    connection: Connection, metadata: list[MetaData], kinds: Kinds, scratch_url: str | None
) -> Comparison | None:
    """Return how the current schema of ``connection`` differs from the models; None if it does not.

    Raises:
        CommandError: the scratch copy of the models cannot be built.
    """
    schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar())
    found = snapshot(connection, schema)
    statements = record(metadata, connection.dialect)
    memory = memory_of(connection, statements) if scratch_url is None else None
    remembered = recall(memory)
    if remembered is not None and not compare(remembered, found):
        return None
    with (
        scratch_connection(connection, scratch_url) as other,
        scratch_copy(other, metadata, statements) as scratch,
    ):
        expected = snapshot(other, scratch)
        remember(memory, expected)
        differences = compare(expected, found)
        if not differences:
            return None
        expected_dependencies = dependencies(other, scratch, expected)
        checks = _checks(differences, found)
        unbreakable_before = unbreakable(other, scratch, checks, expected)
        same = same_when_reparsed(other, scratch, differences, expected, found, kinds)
    differences = [each for each in differences if each.identity not in same]
    if not differences:
        return None
    expected = {**expected, **{identity: found[identity] for identity in same}}
    found_dependencies = dependencies(connection, schema, found)
    models = Models(metadata)
    recast = _recast(connection, schema, differences)
    unbreakable_after = unbreakable(connection, schema, _checks(differences, expected), found)
    plan = make_plan(differences, found, expected, found_dependencies, recast, kinds)
    sides = Sides(
        found,
        expected,
        _reflected_types(connection, schema),
        models.type,
        models,
        recast,
        unbreakable_after,
        unbreakable_before,
    )
    return Comparison(differences, plan, sides, found_dependencies, expected_dependencies, kinds)


def _checks(differences: list[Difference], side: Snapshot) -> Snapshot:
    """Return the CHECKs among ``differences`` as ``side`` has them."""
    return {
        each.identity: side[each.identity]
        for each in differences
        if each.identity.kind == "check constraint" and each.identity in side
    }


def _recast(
    connection: Connection, schema: str, differences: list[Difference]
) -> frozenset[Identity]:
    """Return the columns that PostgreSQL does not convert to their other type by itself."""
    recast = set()
    with search_path(connection, schema):
        for difference in differences:
            if difference.identity.kind != "column" or difference.status != "changed":
                continue
            texts = {
                side: (definition or "").partition(" COLLATE ")[0]
                for side, definition in (
                    ("found", difference.found),
                    ("expected", difference.expected),
                )
            }
            if connection.execute(_NEEDS_CAST, texts).scalar():
                recast.add(difference.identity)
    return frozenset(recast)


def _reflected_types(
    connection: Connection, schema: str
) -> Callable[[str, str], TypeEngine[object] | None]:
    @lru_cache
    def of_table(table: str) -> dict[str, TypeEngine[object]]:
        try:
            columns = inspect(connection).get_columns(table, schema=schema)
        except NoSuchTableError:
            return {}
        return {column["name"]: column["type"] for column in columns}

    return lambda table, column: of_table(table).get(column)


def setup_fast_path(plugin: Plugin, kinds: Kinds) -> None:
    """Register the comparator with Alembic."""

    def compare_snapshots(context: AutogenContext, _ops: UpgradeOps) -> PriorityDispatchResult:
        if context.connection is None or context.metadata is None:
            raise CommandError("Autogenerate needs a connection and target_metadata from env.py.")
        comparison = compare_schema(
            context.connection,
            util.to_list(context.metadata),
            kinds,
            context.opts.get("scratch_url"),
        )
        if comparison is None:
            return PriorityDispatchResult.STOP
        emit.remember(context.opts, comparison)
        return PriorityDispatchResult.CONTINUE

    plugin.add_autogenerate_comparator(
        compare_snapshots, "autogenerate", priority=DispatchPriority.FIRST
    )
