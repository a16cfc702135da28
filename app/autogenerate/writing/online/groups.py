"""Which steps are one change: an object that goes and comes again, and what hangs on it.

An object that is replaced is a pair of steps. A foreign key has to go before the primary key that
it refers to, and can come again only after it: where pairs are wound into each other like this, or
around another step, all of them are a knot, which one transaction has to cut.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ...changes import Changes
from ...changes.order import edges, in_order
from .forms import can_be_tied, is_online
from .knots import INDEXED

# What has a form in which the new one stands before the old one goes.
_REPLACEABLE = {"index", "check constraint", "foreign key", "unique constraint", "primary key"}
Neighbours = Mapping[int, set[int]]


def groups(changes: Changes) -> list[tuple[list[int], set[int]]]:
    """Return the positions of the steps that belong together, in an order that works.

    With each group stand the positions of the steps that have to be done before it.

    Raises:
        CommandError: they depend on each other in a circle.
    """
    before, after = _neighbours(changes)
    wound = _with_what_they_take_along(_wound(changes, after), changes)
    found = [part for each in wound for part in _cut(each, changes, before)]
    group_of = {n: number for number, group in enumerate(found) for n in group}
    needs = [{m for n in group for m in before[n]}.difference(group) for group in found]
    names = [", ".join(str(changes.steps[n].identity) for n in group) for group in found]
    order = in_order(
        names,
        [{group_of[m] for m in each} for each in needs],
        [group[-1] for group in found],
    )
    return [(found[number], needs[number]) for number in order]


def _cut(group: list[int], changes: Changes, before: Neighbours) -> Iterable[list[int]]:
    """Return ``group`` whole if there is a form for all of it at once; else each step alone."""
    steps = [changes.steps[n] for n in group]
    if len({step.identity for step in steps}) == 1:
        replaced = steps[0].identity.kind in _REPLACEABLE and len(group) > 1
        whole = replaced and all(is_online(step, changes) for step in steps)
    else:
        needs = {n: [changes.steps[m] for m in before[n].intersection(group)] for n in group}
        whole = can_be_tied(list(zip(steps, map(needs.get, group), strict=True)), changes)
    return [group] if whole else [[n] for n in group]


def _wound(changes: Changes, after: Neighbours) -> list[list[int]]:
    """Return the steps in groups: those that could not be put in order if pairs were one step."""
    drops = {step.identity: n for n, step in enumerate(changes.steps) if step.goes}
    pair = {
        n: drops[step.identity]
        for n, step in enumerate(changes.steps)
        if not step.goes and step.identity in drops
    }
    if not pair:
        return [[n] for n in range(len(changes.steps))]
    one = {n: pair.get(n, n) for n in range(len(changes.steps))}
    following: defaultdict[int, set[int]] = defaultdict(set)
    preceding: defaultdict[int, set[int]] = defaultdict(set)
    for n, others in after.items():
        for m in others:
            if one[n] != one[m]:
                following[one[n]].add(one[m])
                preceding[one[m]].add(one[n])
    # What a step leads to and what leads to it is wound if it is the same (Kosaraju).
    seen: set[int] = set()
    ends = [n for root in one.values() for n in _reach(root, following, seen)]
    seen.clear()
    number = {}
    for root in reversed(ends):
        for n in _reach(root, preceding, seen):
            number[n] = root
    wound: defaultdict[int, list[int]] = defaultdict(list)
    for n in range(len(changes.steps)):
        wound[number[one[n]]].append(n)
    return list(wound.values())


def _with_what_they_take_along(wound: list[list[int]], changes: Changes) -> list[list[int]]:
    """Return the groups ``wound`` with the steps that the way back leaves to what is in them.

    The comment on a view has no way back of its own, as the view takes it along.
    """
    steps = changes.steps
    knot_of = {
        identity: group
        for group in wound
        if len({steps[n].identity for n in group}) > 1
        for n in group
        if not steps[n].goes
        for identity in steps[n].covers
    }
    left = []
    for group in wound:
        step = steps[group[0]]
        owners = [each for each in step.identity.owners if each in knot_of]
        if owners and not step.backward and len(group) == 1:
            knot_of[owners[0]].append(group[0])
        else:
            left.append(group)
    return [sorted(group) for group in left]


def _reach(root: int, graph: Mapping[int, set[int]], seen: set[int]) -> list[int]:
    """Return what ``root`` leads to and was not seen, each after all that it leads to."""
    if root in seen:
        return []
    seen.add(root)
    done, pending = [], [(root, iter(graph.get(root, ())))]
    while pending:
        n, others = pending[-1]
        following = next((m for m in others if m not in seen), None)
        if following is None:
            done.append(n)
            pending.pop()
        else:
            seen.add(following)
            pending.append((following, iter(graph.get(following, ()))))
    return done


def _neighbours(changes: Changes) -> tuple[Neighbours, Neighbours]:
    """Return which steps have to run before each step, and which after it."""
    steps = changes.steps
    before: dict[int, set[int]] = {n: set() for n in range(len(steps))}
    after: dict[int, set[int]] = {n: set() for n in range(len(steps))}
    for earlier, later in edges(steps, changes.found_dependencies, changes.expected_dependencies):
        if earlier != later:
            before[later].add(earlier)
            after[earlier].add(later)
    for n, m in list(_one_at_a_time(changes, before, after)):
        before[m].add(n)
        after[n].add(m)
    return before, after


def _one_at_a_time(
    changes: Changes, before: Neighbours, after: Neighbours
) -> Iterable[tuple[int, int]]:
    """Yield what else has to be in order for a foreign key that comes again on the same columns.

    It refers to whichever rule there is for them: so the old one is gone before it comes, and the
    new one is not there while the old one is.
    """
    drops = {step.identity: n for n, step in enumerate(changes.steps) if step.goes}
    rules = {n for n, each in enumerate(changes.steps) if each.identity.kind in INDEXED}
    for new, step in enumerate(changes.steps):
        if step.goes or step.identity.kind != "foreign key" or step.identity not in drops:
            continue
        old = drops[step.identity]
        columns, columns_after = (
            {each for each in dependencies.get(step.identity, ()) if each.kind == "column"}
            for dependencies in (changes.found_dependencies, changes.expected_dependencies)
        )
        if columns == columns_after:
            yield from ((n, new) for n in rules & after[old] if changes.steps[n].goes)
            yield from ((old, n) for n in rules & before[new] if not changes.steps[n].goes)
