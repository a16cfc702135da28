"""The command: what it prints, and what it exits with."""

import json
import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine

from app.__main__ import main
from tests.plan.planner import Planner
from tests.runner.database import ask, execute
from tests.support.commands import run_command, url_of
from tests.support.databases import ROOT
from tests.support.revisions import HEAD

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
INDEX = "CREATE INDEX ix_name ON teams (name)"
FILL = """\
INSERT INTO users (id, email, username) SELECT '{0}', 'owner', 'owner';
INSERT INTO teams (name, owner_id) SELECT n, '{0}' FROM generate_series(1, {{rows}}) AS n
""".format("00000000-0000-0000-0000-000000000001")


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def revisions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


Run = Callable[..., Answer]


@pytest.fixture
def run(
    planner: Planner, server_url: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run the command on the planner's database and revisions."""
    ini = tmp_path / "alembic.ini"
    locations = f"version_locations = {ROOT / 'versions'}\n    {planner.directory}\n"
    ini.write_text(f"[alembic]\nscript_location = {ROOT}\npath_separator = newline\n{locations}")

    def run(*arguments: str, url: str | None = None, scratch: str | None = None) -> Answer:
        where = f"url={url or url_of(planner.engine)}"
        scratch = scratch or server_url.render_as_string(hide_password=False)
        given = ["-c", str(ini), "-x", where, "-x", f"scratch_url={scratch}"]
        code = main([*given, "plan", *arguments])
        return Answer(code, *capsys.readouterr())

    return run


def test_database_at_head_is_one_line_without_a_scratch_database(run: Run) -> None:
    answer = run(scratch=NOWHERE)
    assert answer.code == 0
    (line,) = answer.out.splitlines()
    assert line.startswith("PostgreSQL ")
    assert line.endswith(f": at {HEAD}, nothing to do")
    assert run("--format", "json", scratch=NOWHERE).revisions == []


def test_database_at_head_takes_less_than_a_second(migrated_engine: Engine) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run_command("plan", DATABASE_URL=url_of(migrated_engine))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Of the processor, which other tests want too.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


def test_json_has_what_programs_read(run: Run, planner: Planner) -> None:
    first, second = planner.add(INDEX), planner.add("UPDATE teams SET name = ''")
    answer = run("--format", "json")
    assert [revision["revision"] for revision in answer.revisions] == [first, second]
    (statement,) = answer.revisions[0]["statements"]
    assert statement["sql"] == INDEX
    assert [(lock["relation"], lock["mode"]) for lock in statement["locks"]] == [
        ("teams", "ShareLock")
    ]
    assert statement["scans"] == ["teams"]
    assert statement["builds"] == ["ix_name"]
    assert statement["rewrites"] == []
    assert [hazard["hazard"] for hazard in statement["hazards"]] == ["INDEX_BLOCKS_WRITERS"]
    assert not statement["depends_on_rows"]
    assert answer.revisions[1]["statements"][0]["depends_on_rows"]
    assert answer.revisions[0]["misfits"] == []


def test_text_fits_100_columns_and_lets_stand_out_what_blocks(run: Run, planner: Planner) -> None:
    execute(planner.engine, FILL.format(rows=11))
    planner.add(INDEX)
    planner.add("ALTER TABLE teams ADD CONSTRAINT a CHECK (name <> '" + "x" * 200 + "')")
    planner.add("ALTER TABLE teams ADD COLUMN a int")
    answer = run("--small", "10")
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= 100
    assert [line.split()[1] for line in lines if line.startswith("BLOCKS")] == ["CREATE", "ALTER"]
    assert "locks    teams SHARE: writers wait (11 rows, 8 kB)" in answer.out
    assert lines[-1] == "2 statements block others on more than 10 rows; all rows fit."


@pytest.mark.parametrize(
    ("statement", "small", "code"),
    [
        (INDEX, 11, 0),
        (INDEX, 10, 1),
        ("!CREATE INDEX CONCURRENTLY ix_name ON teams (name)", 10, 0),
        ("ALTER TABLE teams ADD COLUMN a int", 10, 0),
        ("ALTER TABLE teams ADD COLUMN a uuid DEFAULT gen_random_uuid()", 10, 1),
        ("ALTER TABLE teams ADD COLUMN a int; UPDATE teams SET a = 1", 10, 1),
        ("LOCK TABLE users IN SHARE MODE; ANALYZE teams", 10, 0),
        ("DROP TABLE team_members", 10, 0),
    ],
)
def test_exit_code_tells_whether_something_blocks(
    statement: str, small: int, code: int, run: Run, planner: Planner
) -> None:
    execute(planner.engine, FILL.format(rows=11))
    planner.add(statement)
    assert run("--small", str(small)).code == code


def test_lock_of_an_earlier_statement_counts_for_the_later_ones(run: Run, planner: Planner) -> None:
    execute(planner.engine, FILL.format(rows=11))
    planner.revisions.add_sql(
        "ALTER TABLE teams ADD CONSTRAINT named CHECK (name <> '') NOT VALID",
        "ALTER TABLE teams VALIDATE CONSTRAINT named",
    )
    answer = run("--small", "10", "--format", "json")
    added, validated = answer.revisions[0]["statements"]
    assert (added["blocks"], validated["blocks"]) == (False, True)
    assert "CHECKED_UNDER_LOCK" in [hazard["hazard"] for hazard in validated["hazards"]]


def test_nothing_is_changed(run: Run, planner: Planner) -> None:
    planner.add("DROP TABLE team_members")
    run()
    assert ask(planner.engine, "SELECT max(version_num) FROM alembic_version") == HEAD
    assert ask(planner.engine, "SELECT count(*) FROM team_members") == "0"


def test_target_may_be_a_revision_on_the_way(run: Run, planner: Planner) -> None:
    first, _ = planner.add("SELECT 1"), planner.add("SELECT 2")
    for target in ([first], ["--to", first], ["+1"]):
        answer = run(*target, "--format", "json")
        assert [revision["revision"] for revision in answer.revisions] == [first]


def test_from_needs_no_database(run: Run) -> None:
    answer = run("--from", "0002", "--to", "0003", "--format", "json", url=NOWHERE)
    assert [revision["revision"] for revision in answer.revisions] == ["0003"]
    assert answer.code == 0


def test_schema_of_another_name_is_planned(run: Run, planner: Planner) -> None:
    execute(planner.engine, "DROP SCHEMA public CASCADE", 'CREATE SCHEMA "My %%s"')
    answer = run("-x", "schema=My %s", "0001", "--format", "json")
    assert answer.code == 0
    assert len(answer.revisions) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "No way from"),
        (["--from", "9999"], "9999"),
        (["+9"], "No way from"),
    ],
)
def test_unknown_revision_is_two_lines(arguments: list[str], said: str, run: Run) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.splitlines()) <= 2


def test_revision_that_fails_is_named(run: Run, planner: Planner) -> None:
    revision = planner.add("ALTER TABLE nothing ADD COLUMN a int")
    answer = run()
    assert answer.code == 2
    first, second = answer.err.splitlines()
    assert revision in first
    assert 'relation "nothing" does not exist' in first
    assert "left untouched" in second


@pytest.mark.parametrize("what", ["url", "scratch"])
def test_server_out_of_reach_is_two_lines_without_the_password(
    what: str, run: Run, planner: Planner
) -> None:
    planner.add("SELECT 1")
    answer = run(**{what: NOWHERE.replace("nobody", "nobody:secret")})
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 2
    assert "secret" not in answer.err


def test_database_at_an_unknown_revision_is_told(run: Run, planner: Planner) -> None:
    execute(planner.engine, "UPDATE alembic_version SET version_num = '9999'")
    answer = run()
    assert answer.code == 2
    assert "9999" in answer.err


def test_partitions_are_those_of_the_database(run: Run, planner: Planner) -> None:
    execute(
        planner.engine,
        "DROP TABLE usage_logs_default",
        'CREATE TABLE "Old %%s" PARTITION OF usage_logs'
        " FOR VALUES FROM (MINVALUE) TO ('2001-01-01') PARTITION BY HASH (id)",
        'CREATE TABLE part PARTITION OF "Old %%s" FOR VALUES WITH (MODULUS 2, REMAINDER 1)',
    )
    planner.add("ALTER TABLE usage_logs ADD COLUMN a int")
    (statement,) = run("--format", "json").revisions[0]["statements"]
    locked = {lock["relation"] for lock in statement["locks"]}
    parts = "SELECT string_agg(relid::regclass::text, ',') FROM pg_partition_tree('usage_logs')"
    assert locked == set(str(ask(planner.engine, parts)).split(","))
    assert "usage_logs_default" not in locked
