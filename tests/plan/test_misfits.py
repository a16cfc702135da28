"""Rows of the live database that do not fit what pending revisions bring."""

import pytest

from app.plan.report import Misfits, Plan
from tests.plan.planner import Planner
from tests.runner.database import execute

FILL = """\
INSERT INTO users (id, email, username, full_name) VALUES
    ('00000000-0000-0000-0000-000000000001', 'a@example.com', 'a', 'Ann'),
    ('00000000-0000-0000-0000-000000000002', 'A@example.com', 'b', NULL),
    ('00000000-0000-0000-0000-000000000003', 'c@example.com', '37', '12')"""
CASES: dict[str, dict[str, int | None]] = {
    "ALTER TABLE users ALTER full_name SET NOT NULL": {"not null users.full_name": 1},
    "ALTER TABLE users ADD CONSTRAINT c CHECK (full_name <> 'Ann') NOT VALID": {
        "check constraint users.c": 1
    },
    "CREATE UNIQUE INDEX u ON users (lower(email))": {"index users.u": 2},
    "ALTER TABLE users ALTER username TYPE int USING username::int": {
        "column users.username": None
    },
    "ALTER TABLE users ALTER full_name TYPE varchar(2)": {"column users.full_name": 1},
    "ALTER TABLE users ADD a int NOT NULL": {"not null users.a": 3},
    "ALTER TABLE users ADD a int, ADD CONSTRAINT c CHECK (a > 0)": {
        "check constraint users.c": None
    },
    "ALTER TABLE users ADD a int NOT NULL DEFAULT 3, ALTER full_name TYPE text": {},
    "ALTER TABLE users ADD CONSTRAINT c CHECK (credit_balance >= 0)": {
        "check constraint users.c": 0
    },
    "CREATE TABLE fresh (id int PRIMARY KEY CHECK (id > 0))": {},
    # No rule comes with another name, or with a type that PostgreSQL makes a CHECK anew for.
    "ALTER TABLE users RENAME email TO address": {},
    "ALTER TABLE users RENAME TO accounts": {},
    "ALTER TABLE users ALTER subscription_tier TYPE text": {},
    # The table is read for the index that is built anew.
    "CREATE INDEX i ON users (id) WHERE username <> ''; "
    "ALTER TABLE users ALTER username TYPE varchar(80)": {},
    "ALTER TABLE asset_versions ALTER version_number TYPE varchar": {},
}


def asked(plan: Plan) -> list[Misfits]:
    return [misfits for revision in plan.revisions for misfits in plan.misfits(revision)]


@pytest.fixture
def filled(planner: Planner) -> Planner:
    execute(planner.engine, FILL)
    return planner


@pytest.mark.parametrize("sql", CASES)
def test_rows_are_counted(sql: str, filled: Planner) -> None:
    filled.add(sql)
    plan = filled.plan()
    assert {str(each.question.rule): each.answer.rows for each in asked(plan)} == CASES[sql]
    assert plan.found == any(CASES[sql].values())


def test_conversion_that_alembic_writes_is_asked_as_it_is(filled: Planner) -> None:
    filled.revisions.add(
        "import sqlalchemy as sa",
        "op.alter_column('users', 'username', type_=sa.Integer(), existing_type=sa.String(50),"
        " postgresql_using='username::int')",
    )
    (misfits,) = asked(filled.plan())
    assert (str(misfits.question.rule), misfits.answer.rows) == ("column users.username", 2)


def test_column_is_asked_about_by_the_name_that_it_has_when_rows_are_asked(filled: Planner) -> None:
    filled.add("ALTER TABLE users RENAME TO accounts")
    filled.add("ALTER TABLE accounts RENAME full_name TO name")
    filled.add("ALTER TABLE accounts ALTER name TYPE varchar(2)")
    found = {str(each.question.rule): each.answer.rows for each in asked(filled.plan())}
    assert found == {"column users.full_name": 1}


def test_rule_behind_a_backfill_is_no_reason_to_stop(filled: Planner) -> None:
    backfill = filled.add("UPDATE users SET full_name = '' WHERE full_name IS NULL")
    filled.add("ALTER TABLE users ALTER full_name SET NOT NULL")
    plan = filled.plan()
    (misfits,) = asked(plan)
    assert (misfits.answer.rows, misfits.mended_by) == (1, backfill)
    assert not plan.found


def test_backfill_behind_the_rule_does_not_help(filled: Planner) -> None:
    filled.add("ALTER TABLE users ALTER full_name SET NOT NULL")
    filled.add("UPDATE users SET full_name = '' WHERE full_name IS NULL")
    assert filled.plan().found


def test_rule_in_several_steps_is_asked_at_each(filled: Planner) -> None:
    filled.add("ALTER TABLE users ADD CONSTRAINT c CHECK (full_name <> 'Ann') NOT VALID")
    filled.add("ALTER TABLE users VALIDATE CONSTRAINT c")
    assert [each.answer.rows for each in asked(filled.plan())] == [1, 1]


def test_exclusion_is_counted_only_where_an_index_serves_it(filled: Planner) -> None:
    execute(
        filled.engine,
        "INSERT INTO sessions (user_id, device_info, ip_address, expires_at) SELECT"
        " '00000000-0000-0000-0000-000000000001', '', '', now() FROM generate_series(1, 5000)",
        "ANALYZE sessions",
    )
    filled.add(
        "ALTER TABLE sessions ADD CONSTRAINT x EXCLUDE USING gist"
        " (tstzrange(created_at, expires_at) WITH &&)"
    )
    (misfits,) = asked(filled.plan())
    assert (misfits.answer.rows, misfits.answer.why) == (None, "no index serves the query")
    execute(
        filled.engine, "CREATE INDEX ON sessions USING gist (tstzrange(created_at, expires_at))"
    )
    (misfits,) = asked(filled.plan())
    assert misfits.answer.rows == 0


def test_enum_value_that_goes_is_asked_by_its_name(filled: Planner) -> None:
    execute(filled.engine, "SELECT 1")
    filled.add(
        "CREATE TYPE mood AS ENUM ('glad', 'sad'); ALTER TABLE users ADD mood mood DEFAULT 'glad'"
    )
    filled.upgrade()
    filled.add(
        "ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('sad');"
        "ALTER TABLE users ALTER mood DROP DEFAULT,"
        " ALTER mood TYPE mood USING mood::text::mood; DROP TYPE old"
    )
    (misfits,) = asked(filled.plan())
    assert (str(misfits.question.rule), misfits.answer.rows) == ("type mood", 3)


def test_proved_rule_reads_no_row(filled: Planner) -> None:
    execute(filled.engine, "ALTER TABLE users ADD CONSTRAINT known CHECK (credit_balance >= 0)")
    filled.add("ALTER TABLE users ADD CONSTRAINT wider CHECK (credit_balance >= -1)")
    scans = "SELECT pg_stat_get_numscans('users'::regclass)"
    with filled.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        before = connection.exec_driver_sql(scans).scalar_one()
        (misfits,) = asked(filled.plan())
        assert misfits.answer.rows == 0
        # The rows are counted up to the number that is small, once for each table.
        assert connection.exec_driver_sql(scans).scalar_one() <= before + 1
