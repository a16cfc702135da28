"""``creativeflow-schema sample-data``: a believable platform, for a database without rows."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text

from app.__main__ import main
from app.sample.platform import make_platform
from app.sample.rows import TABLES
from tests.schema.documents import BY_NAME
from tests.support.commands import url_of
from tests.support.databases import Databases, make_config

Capture = pytest.CaptureFixture[str]
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def fill(engine: Engine, *arguments: str) -> int:
    return main(["sample-data", *arguments, "-x", f"url={url_of(engine)}"])


@pytest.fixture(scope="module")
def filled(databases: Databases, template: str) -> Iterator[Connection]:
    with databases.create(template) as engine:
        assert fill(engine, "--users", "60", "--until", "2026-11-25") == 0
        with engine.connect() as connection:
            yield connection


def one(connection: Connection, sql: str) -> object:
    return connection.execute(text(sql)).scalar_one()


def test_all_tables_have_rows(filled: Connection) -> None:
    assert set(TABLES) == set(BY_NAME)
    empty = [table for table in TABLES if not one(filled, f"SELECT count(*) FROM {table}")]
    assert empty == []


def test_months_were_made_first(filled: Connection) -> None:
    for table in ("credit_transactions", "usage_logs", "notifications"):
        assert one(filled, f"SELECT count(*) FROM {table}_default") == 0
        months = f"SELECT count(*) FROM pg_inherits WHERE inhparent = '{table}'::regclass"
        assert int(str(one(filled, months))) > 24
        assert int(str(one(filled, f"SELECT count(DISTINCT tableoid) FROM {table}"))) > 12


def test_what_closes_a_circle_belongs_together(filled: Connection) -> None:
    strange = """
        SELECT count(*)
        FROM generation_requests AS request JOIN assets ON assets.id = final_asset_id
        WHERE generation_request_id <> request.id OR NOT is_final"""
    assert one(filled, strange) == 0
    completed = "SELECT count(*) FROM generation_requests WHERE status = 'Completed'"
    assert one(filled, completed) == one(filled, f"{completed} AND final_asset_id IS NOT NULL")
    assert (
        one(filled, "SELECT count(*) FROM ai_model_versions WHERE validation_result_id IS NULL")
        == 0
    )
    late = "SELECT count(*) FROM generation_requests WHERE updated_at > '2026-11-26'"
    assert one(filled, late) == 0


def test_balance_is_the_sum_of_the_transactions_and_not_below_zero(filled: Connection) -> None:
    wrong = """
        SELECT count(*) FROM users WHERE credit_balance < 0 OR credit_balance <> coalesce(
            (SELECT sum(amount) FROM credit_transactions WHERE user_id = users.id), 0)"""
    assert one(filled, wrong) == 0


def test_few_users_have_most_of_the_requests(filled: Connection) -> None:
    share = """
        SELECT sum(requests) FILTER (WHERE place <= 0.2) / sum(requests)
        FROM (SELECT count(*) AS requests, percent_rank() OVER (ORDER BY count(*) DESC) AS place
              FROM generation_requests GROUP BY user_id) AS users"""
    assert float(str(one(filled, share))) > 0.4


def test_same_seed_makes_the_same_rows() -> None:
    def digest(seed: int) -> str:
        found = sha256()
        for batch in make_platform(20, seed, NOW):
            found.update(repr(batch.texts).encode())
        return found.hexdigest()

    assert digest(1) == digest(1) != digest(2)


def test_database_with_rows_is_refused_and_left_alone(filled: Connection, capsys: Capture) -> None:
    before = one(filled, "SELECT count(*) FROM users")
    filled.rollback()
    assert fill(filled.engine, "--users", "1") == 2
    *_, what, remedy = capsys.readouterr().err.splitlines()
    assert what.startswith("The database has rows already, in users, teams, team_members and 19 ")
    assert remedy.startswith("Nothing was changed. ")
    assert one(filled, "SELECT count(*) FROM users") == before


def test_database_without_the_schema_is_refused(empty_engine: Engine, capsys: Capture) -> None:
    assert fill(empty_engine, "--users", "1") == 2
    assert "alembic upgrade head" in capsys.readouterr().err.splitlines()[-1]


def test_number_that_is_none_is_refused(empty_engine: Engine) -> None:
    for users in ("0", "-1", "many"):
        with pytest.raises(SystemExit, match="2"):
            fill(empty_engine, f"--users={users}")


@pytest.mark.long
def test_psycopg_copies_as_well(migrated_engine: Engine) -> None:
    url = url_of(migrated_engine).replace("postgresql://", "postgresql+psycopg://")
    assert main(["sample-data", "--users", "5", "-x", f"url={url}"]) == 0


@pytest.mark.long
def test_a_million_rows_take_less_than_a_minute(migrated_engine: Engine, capsys: Capture) -> None:
    started = time.monotonic()
    assert fill(migrated_engine, "--users", "8000") == 0
    took = time.monotonic() - started
    said = capsys.readouterr().out
    print(f"\n{said}")
    assert int(said.split()[0].replace(",", "")) >= 1_000_000
    assert took < 60
    # Migrations go on working where there are rows.
    command.check(make_config(migrated_engine))
