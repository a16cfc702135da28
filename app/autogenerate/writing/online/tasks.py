"""The steps of a comparison as tasks: an object that goes and comes again is one of them."""

from ...changes.comparison import Comparison
from ...changes.order import edges
from .forms import is_online, pieces_of
from .pieces import Task

# Replaced at one stroke; another unique constraint of the same name has to wait for the old one.
_AT_ONE_STROKE = {"index", "check constraint", "foreign key"}


def tasks_of(comparison: Comparison) -> list[Task]:
    """Return the steps of ``comparison``, which are in order, as tasks in the same order."""
    steps = comparison.steps
    before: dict[int, set[int]] = {n: set() for n in range(len(steps))}
    after: dict[int, set[int]] = {n: set() for n in range(len(steps))}
    for earlier, later in edges(
        steps, comparison.found_dependencies, comparison.expected_dependencies
    ):
        if earlier != later:
            before[later].add(earlier)
            after[earlier].add(later)
    drops = {step.identity: n for n, step in enumerate(steps) if step.goes}
    # By the position of what comes, that of what goes at the same stroke.
    replaced = {
        n: drops[step.identity]
        for n, step in enumerate(steps)
        if not step.goes
        and step.identity.kind in _AT_ONE_STROKE
        and step.identity in drops
        and after[drops[step.identity]] <= {n}
        and is_online(step, comparison)
        and is_online(steps[drops[step.identity]], comparison)
    }
    tasks: list[Task] = []
    positions: dict[int, int] = {}
    for n, step in enumerate(steps):
        if n in replaced.values():
            continue
        positions[n] = len(tasks)
        drop = steps[replaced[n]] if n in replaced else step if step.goes else None
        create = None if step.goes else step
        wanted = before[n] | before[replaced.get(n, n)]
        done = {positions[each] for each in wanted if each in positions}
        tasks.append(Task(step.identity, pieces_of(drop, create, comparison), done))
    return tasks
