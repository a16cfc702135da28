"""Guards in the plan: statements that only read."""

from app.plan.as_text import as_text
from app.plan.making import Wishes
from tests.plan.planner import Planner
from tests.runner.database import execute
from tests.runner.guarded import ROWS
from tests.runner.test_guards import GUARD


def test_guard_only_reads(planner: Planner) -> None:
    execute(planner.engine, ROWS)
    planner.revisions.add(GUARD, 'op.execute("ALTER TABLE users ALTER full_name SET NOT NULL")')
    plan = planner.plan(wishes=Wishes(small=0, measure=True))
    (revision,) = plan.revisions
    guard = next(each for each in revision.statements if each.guard)
    assert not plan.blocks(guard)
    assert not guard.effects.depends_on_rows
    assert plan.time(guard) is not None
    assert guard.hazards == ()
    text = as_text(plan)
    assert "/* guard of not null users.full_name */" in text
    # What only asks mends nothing.
    assert "1 row does not fit not null users.full_name" in text
    assert "changes rows before" not in text
