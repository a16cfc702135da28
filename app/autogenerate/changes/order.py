"""Putting steps into an order that PostgreSQL accepts: dependants go first and come last."""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from alembic.util import CommandError

from ...catalog.dependencies import Dependencies
from ...catalog.identity import Identity
from .decisions import INHERITED
from .kinds import rank
from .steps import Step


def arrange(
    steps: Sequence[Step], found_dependencies: Dependencies, expected_dependencies: Dependencies
) -> list[Step]:
    """Return ``steps`` in the order in which they can run.

    Raises:
        CommandError: they depend on each other in a circle.
    """
    needs: list[set[int]] = [set() for _ in steps]
    for before, after in edges(steps, found_dependencies, expected_dependencies):
        needs[after].add(before)
    names = [step.identity for step in steps]
    return [steps[n] for n in in_order(names, needs, list(map(_preference, steps)))]


def in_order(
    names: Sequence[object], needs: Sequence[Collection[int]], preferences: Sequence[Any]
) -> list[int]:
    """Return positions in ``names``, each after those that it ``needs``, the preferred ones first.

    Raises:
        CommandError: they need each other in a circle.
    """
    graph = TopologicalSorter({n: {*each} - {n} for n, each in enumerate(needs)})
    try:
        graph.prepare()
    except CycleError as error:
        circle = ", ".join(str(names[n]) for n in error.args[1])
        raise CommandError(
            f"These objects depend on each other in a circle: {circle}.\n"
            "No revision was written. Write it by hand."
        ) from error
    ordered: list[int] = []
    ready: list[tuple[Any, int]] = []
    while graph.is_active():
        for n in graph.get_ready():
            heapq.heappush(ready, (preferences[n], n))
        _, n = heapq.heappop(ready)
        ordered.append(n)
        graph.done(n)
    return ordered


def edges(
    steps: Sequence[Step], found: Dependencies, expected: Dependencies
) -> Iterable[tuple[int, int]]:
    """Yield pairs of positions in ``steps``: the first must run before the second."""
    going, coming = {}, {}
    freed: dict[object, list[int]] = {}
    for n, step in enumerate(steps):
        # What is renamed comes first of all, and is known by its new name to all others.
        for identity in () if step.renames else step.covers:
            if step.goes or step.changes:
                going[identity] = n
            if not step.goes:
                coming[identity] = n
        for name in _freed(step):
            freed.setdefault(name, []).append(n)
    for dependent, n in going.items():
        for referenced in found.get(dependent, ()):
            other = going.get(referenced)
            # Two changes in place follow the order of the models below, if they know of each other.
            if other is not None and (
                steps[n].goes or steps[other].goes or referenced not in expected.get(dependent, ())
            ):
                yield n, other
    for dependent, n in coming.items():
        for referenced in expected.get(dependent, ()):
            if referenced in coming:
                yield coming[referenced], n
    done = {**going, **coming}
    yield from _of_heirs(done, coming, expected)
    yield from ((heir, n) for n, heir in _of_heirs(done, going, found))
    for n, step in enumerate(steps):
        # A name has to be free before it is taken again.
        for name in _taken(step):
            for other in freed.get(name, ()):
                yield other, n


def _of_heirs(
    steps: Mapping[Identity, int], tables: Mapping[Identity, int], dependencies: Dependencies
) -> Iterable[tuple[int, int]]:
    """Yield what is done to a table, and that one of ``tables`` comes or goes which inherits it."""
    heirs = {
        each: [other.name for other in dependencies.get(each, ()) if other.kind == "table"]
        for each in tables
        if each.kind == "table"
    }
    wanted = {name for names in heirs.values() for name in names}
    done: dict[str, list[int]] = {}
    for identity, n in steps.items() if wanted else ():
        if identity.table in wanted and identity.kind in INHERITED:
            done.setdefault(identity.table, []).append(n)
    for heir, names in heirs.items():
        for name in names:
            for n in done.get(name, ()):
                yield n, tables[heir]


def _freed(step: Step) -> Iterable[object]:
    yield from step.frees
    if step.goes and not step.identity.kind.endswith(" comment"):
        yield step.identity.table, step.identity.name


def _taken(step: Step) -> Iterable[object]:
    yield from step.takes
    if not step.goes and not step.identity.kind.endswith(" comment"):
        yield step.identity.table, step.identity.name


def _preference(step: Step) -> tuple[bool, int, str, str]:
    identity = step.identity
    order = rank(identity)
    return (not step.goes, -order if step.goes else order, identity.table or "", identity.name)
