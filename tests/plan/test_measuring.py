"""How long reading takes: a range no wider than four times, from a bounded part of the rows."""

import pytest
from sqlalchemy import event

from app.plan import measuring
from app.plan.making import Wishes
from tests.plan.planner import Planner
from tests.runner.database import execute

ROWS = 20_000
FILL = f"""\
INSERT INTO users (id, email, username)
SELECT md5(n::text)::uuid, n || '@example.com', n FROM generate_series(1, {ROWS}) AS n;
INSERT INTO teams (name, owner_id) SELECT n, md5(n::text)::uuid
FROM generate_series(1, {ROWS}) AS n;
INSERT INTO usage_logs (user_id, action_type, timestamp)
SELECT md5(n::text)::uuid, 'x', now() + mod(n, 60) * interval '1 day'
FROM generate_series(1, {ROWS}) AS n"""
MEASURED = {
    "ALTER TABLE users ADD CONSTRAINT c CHECK (email <> '')": True,
    "ALTER TABLE users ALTER email SET NOT NULL": False,
    "ALTER TABLE users ALTER full_name SET NOT NULL": True,
    "ALTER TABLE teams ADD CONSTRAINT f FOREIGN KEY (owner_id) REFERENCES users": True,
    "ALTER TABLE usage_logs ADD CONSTRAINT c CHECK (action_type <> '')": True,
    "ANALYZE users": False,
    "CREATE INDEX i ON users (full_name)": False,
    "ALTER TABLE users ALTER full_name TYPE varchar(20)": False,
    "UPDATE users SET full_name = ''": False,
}


@pytest.mark.parametrize("sql", MEASURED)
def test_what_only_reads_is_measured(sql: str, planner: Planner) -> None:
    execute(planner.engine, FILL)
    planner.add(sql)
    plan = planner.plan(wishes=Wishes(measure=True))
    found = plan.time(plan.revisions[0].statements[0])
    assert (found is not None) == MEASURED[sql]
    assert found is None or 0 < found.low < found.high <= 4 * found.low * 1.001


def test_duplicates_are_counted_in_a_time_that_is_told(planner: Planner) -> None:
    execute(planner.engine, FILL)
    planner.add("!CREATE UNIQUE INDEX CONCURRENTLY u ON users (lower(email))")
    plan = planner.plan(wishes=Wishes(measure=True))
    (question,) = plan.revisions[0].questions
    assert question in plan.times


def test_nothing_is_told_unless_asked(planner: Planner) -> None:
    planner.add("ALTER TABLE users ALTER full_name SET NOT NULL")
    plan = planner.plan()
    assert plan.times == {}
    assert plan.time(plan.revisions[0].statements[0]) is None


def test_part_is_bounded_in_bytes(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(planner.engine, FILL)
    planner.add("ALTER TABLE users ALTER full_name SET NOT NULL")
    monkeypatch.setattr(measuring, "FIRST_PAGES", 8)
    monkeypatch.setattr(measuring, "MOST_BYTES", 40 * 8192)
    tried: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        tried.extend([statement] if statement.startswith("WITH users AS NOT") else [])

    event.listen(planner.engine, "before_cursor_execute", note)
    planner.plan(wishes=Wishes(measure=True))
    # 8, 16 and 32 pages, the last more than once; 64 are more than 40.
    assert len(set(tried)) == 3
