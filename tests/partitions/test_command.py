"""``creativeflow-schema partitions``: what it prints, and its exit codes."""

import json
import shlex

import pytest
from sqlalchemy import Connection, Engine

from app.__main__ import main
from tests.partitions.database import partitions, scalar, strand
from tests.partitions.test_stranded_rows import locked
from tests.support.commands import run_python, url_of
from tests.support.databases import ROOT

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def at(own: Connection, bare_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """Make the commands work on the test's own database, which has no partitions yet."""
    monkeypatch.setenv("DATABASE_URL", url_of(bare_engine))
    monkeypatch.setenv("PGOPTIONS", "-c deadlock_timeout=10ms")
    monkeypatch.chdir(ROOT)
    return own


def test_ensure_makes_what_report_then_finds(at: Connection, capsys: Capture) -> None:
    assert main(["partitions", "report"]) == 1
    assert "usage_logs: -1 months ahead, not 3" in capsys.readouterr().out
    assert main(["partitions", "ensure"]) == 0
    assert "12 partitions created, 0 rows moved from DEFAULT." in capsys.readouterr().out
    assert main(["partitions", "report"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 3
    assert main(["partitions", "report", "--months-ahead", "4"]) == 1
    assert main(["partitions", "ensure", "--months-ahead", "4"]) == 0
    assert main(["partitions", "report", "--months-ahead", "4"]) == 0
    assert len(partitions(at, "usage_logs", "%_p%")) == 5


def test_report_names_rows_in_default_and_gaps(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    assert main(["partitions", "report"]) == 0
    strand(at, "2071-02-01 00:00+00", "2071-02-03 00:00+00")
    capsys.readouterr()
    assert main(["partitions", "report"]) == 1
    assert "usage_logs: 3 rows in DEFAULT; move them: creativeflow-schema partitions ensure" in (
        capsys.readouterr().out
    )
    main(["partitions", "ensure"])
    capsys.readouterr()
    assert main(["partitions", "report"]) == 1
    assert ", 2071-01\n" in capsys.readouterr().out


def test_report_names_a_table_without_default(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    at.exec_driver_sql("ALTER TABLE usage_logs DETACH PARTITION usage_logs_default")
    capsys.readouterr()
    assert main(["partitions", "report"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split()[-3:] == ["none", "0", "3"]
    assert lines[4:] == ["usage_logs: no DEFAULT partition: an insert outside the months fails"]


def test_report_of_no_partitioned_table_is_a_problem(at: Connection, capsys: Capture) -> None:
    at.exec_driver_sql("DROP TABLE credit_transactions, notifications, usage_logs")
    assert main(["partitions", "report"]) == 1
    assert "No table is partitioned by time" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("moment", "bound"),
    [
        ("0044-03-15 12:00+00 BC", "0044-03-01 BC"),
        ("12026-01-01+00", "12026-02-01"),
        ("294276-11-01+00", "294276-12-01"),
    ],
)
def test_far_years_are_reported(at: Connection, moment: str, bound: str, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    strand(at, moment, moment)
    assert main(["partitions", "report"]) == 1
    main(["partitions", "ensure"])
    capsys.readouterr()
    assert main(["partitions", "report"]) == 1
    assert f"  {bound}  " in capsys.readouterr().out.splitlines()[3]


def test_far_years_are_retired(at: Connection, capsys: Capture) -> None:
    strand(at, "0044-03-15 12:00+00 BC", "0044-03-15 12:00+00 BC")
    strand(at, "0044-03-15 12:00+00", "0044-03-15 12:00+00")
    main(["partitions", "ensure"])
    capsys.readouterr()
    assert main(["partitions", "retire", "--older-than", "1 year", "--dry-run"]) == 0
    listed = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert listed[1:3] == [
        ["usage_logs_p00440301bc", "0044-03"],
        ["usage_logs_p00440301", "0044-03"],
    ]
    assert main(["partitions", "retire", "--older-than", "1 year"]) == 0


def test_gap_before_a_month_is_closed_by_either_way_out(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    for way in ("retire", "make"):
        strand(at, "2020-02-01 00:00+00", "2020-02-01 00:00+00")
        main(["partitions", "ensure"])
        capsys.readouterr()
        assert main(["partitions", "report"]) == 1
        gap, retire, make = capsys.readouterr().out.splitlines()[4:]
        assert gap.startswith("usage_logs: no partition for 2020-03, …, 20")
        if way == "retire":
            main(shlex.split(retire.partition(": creativeflow-schema ")[2]))
        else:
            at.exec_driver_sql("SET TimeZone TO 'Pacific/Kiritimati'")
            at.exec_driver_sql(make.partition(": ")[2])
        assert main(["partitions", "report"]) == 0


def test_gap_after_today_has_another_way_out(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    far = at.exec_driver_sql("SELECT now() + interval '6 months'").scalar()
    strand(at, str(far), str(far))
    main(["partitions", "ensure"])
    capsys.readouterr()
    assert main(["partitions", "report"]) == 1
    gap, correct, make = capsys.readouterr().out.splitlines()[4:]
    assert gap.startswith("usage_logs: no partition for ")
    assert len(gap.split(", ")) == 2
    assert "if the rows after it are wrong" in correct
    at.exec_driver_sql(make.partition(": ")[2])
    assert main(["partitions", "report"]) == 0
    strand(at, "99999-01-01 00:00+00", "99999-01-01 00:00+00")
    main(["partitions", "ensure"])
    capsys.readouterr()
    assert main(["partitions", "report"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 4 + 2


def test_one_is_not_said_in_the_plural(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    strand(at, "2001-02-01 00:00+00", "2001-02-01 00:00+00")
    capsys.readouterr()
    main(["partitions", "report"])
    assert "usage_logs: 1 row in DEFAULT; move it: " in capsys.readouterr().out
    main(["partitions", "ensure"])
    assert capsys.readouterr().out == "1 partition created, 1 row moved from DEFAULT.\n"
    main(["partitions", "retire", "--older-than", "2 years"])
    assert capsys.readouterr().out == "1 partition moved to archive.\n"


def test_ensure_that_leaves_rows_says_so_and_exits_with_1(
    at: Connection, bare_engine: Engine, capsys: Capture
) -> None:
    strand(at, "2071-02-01 00:00+00", "2071-02-03 00:00+00")
    with locked(bare_engine, "usage_logs"):
        assert main(["partitions", "ensure", "--months-ahead", "0"]) == 1
    said = capsys.readouterr()
    assert "usage_logs: no partition for 2071-02, its rows stay in DEFAULT: " in said.err
    assert "2 left undone, see above; nothing is lost. Try again: " in said.err
    assert "4 partitions created" not in said.out


@pytest.mark.parametrize("drop", [(), ("--drop",)])
def test_retire_does_what_the_dry_run_lists(
    at: Connection, drop: tuple[str, ...], capsys: Capture
) -> None:
    strand(at, "2001-02-01 00:00+00", "2001-02-03 00:00+00")
    main(["partitions", "ensure"])
    before = partitions(at, "usage_logs", "%")
    capsys.readouterr()
    assert main(["partitions", "retire", "--older-than", "24 months", "--dry-run", *drop]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[1].split()[:3] == ["usage_logs_p20010201", "2001-02", "3"]
    assert listed[2] == f"1 partition would be {'dropped' if drop else 'archived'}."
    assert partitions(at, "usage_logs", "%") == before
    assert main(["partitions", "retire", "--older-than", "24 months", *drop]) == 0
    assert before.keys() - partitions(at, "usage_logs", "%").keys() == {"usage_logs_p20010201"}
    archived = scalar(at, "SELECT to_regclass('archive.usage_logs_p20010201')")
    assert archived == (None if drop else "archive.usage_logs_p20010201")


def test_report_as_json_has_numbers_and_iso_dates(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    strand(at, "2071-02-01 00:00+00", "2071-02-03 00:00+00")
    main(["partitions", "ensure", "--months-ahead", "0"])
    at.exec_driver_sql("ALTER TABLE notifications DETACH PARTITION notifications_default")
    capsys.readouterr()
    assert main(["partitions", "report", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    _, notifications, usage_logs = found["tables"]
    assert notifications["rows_in_default"] is None
    assert usage_logs["table"] == "usage_logs"
    assert usage_logs["partitions"] == 5
    assert usage_logs["to"] == "2071-03-01"
    assert usage_logs["rows_in_default"] == 0
    assert usage_logs["gaps"][-1] == "2071-01-01"
    assert usage_logs["months_ahead"] == 3
    leaves = "FROM pg_partition_tree('usage_logs') WHERE isleaf"
    total = scalar(at, f"SELECT sum(pg_total_relation_size(relid)) {leaves}")
    assert usage_logs["bytes"] == total
    assert [problem.partition(":")[0] for problem in found["problems"]] == [
        "notifications",
        "usage_logs",
    ]


def test_report_as_markdown_is_a_table_and_a_list(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    capsys.readouterr()
    assert main(["partitions", "report", "--format", "markdown", "--months-ahead", "4"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| table | partitions | from | to |")
    assert lines[4].startswith("| usage_logs | 4 | ")
    assert lines[5] == ""
    assert lines[8].startswith("- usage_logs: 3 months ahead, not 4; create them: ")


def test_dry_run_as_json_has_numbers_and_iso_dates(at: Connection, capsys: Capture) -> None:
    strand(at, "2001-02-01 00:00+00", "2001-02-03 00:00+00")
    main(["partitions", "ensure"])
    capsys.readouterr()
    command = ["partitions", "retire", "--older-than", "24 months", "--dry-run", "--format", "json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "would_be": "archived",
        "partitions": [
            {
                "table": "usage_logs",
                "partition": "usage_logs_p20010201",
                "month": "2001-02-01",
                "rows": 3,
                "bytes": scalar(at, "SELECT pg_total_relation_size('usage_logs_p20010201')"),
            }
        ],
    }
    assert main([*command, "--drop"]) == 0
    assert json.loads(capsys.readouterr().out)["would_be"] == "dropped"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["retire", "--older-than", "two years"], "Write it like --older-than '24 months'"),
        (["retire", "--older-than", "2 years", "--format", "json"], "--format is for --dry-run."),
        (
            ["retire", "--older-than", "24", "--drop"],
            "no retention of a month or more: '00:00:24'\nNothing was retired. Say how long",
        ),
        (["-x", "schema=nowhere", "report"], "The schema 'nowhere' does not exist"),
        (["-x", "url=mysql://root@localhost/x", "report"], "-x url begins with mysql://"),
        (["-x", "url=postgresql://u:secret@localhost:1/x", "report"], "Cannot connect"),
        (["-n", "nowhere", "report"], "nowhere"),
    ],
)
def test_mistake_is_answered_without_a_traceback(
    arguments: list[str], message: str, capsys: Capture
) -> None:
    assert main(["partitions", *arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert len(said.err.splitlines()) <= 4
    assert "secret" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["retire"],
        ["retire", "--drop"],
        ["ensure", "--months-ahead", "-1"],
        ["ensure", "--most-rows", "-1"],
        ["ensure", "--most-rows", "3000000000"],
        ["report", "--months-ahead", "many"],
        ["ensure", "--drop"],
        ["reitre", "--older-than", "1 day"],
    ],
)
def test_wrong_usage_is_refused(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["partitions", *arguments])
    assert "usage: creativeflow-schema partitions" in capsys.readouterr().err


@pytest.mark.parametrize("action", [["ensure"], ["report"], ["retire", "--older-than", "1 year"]])
def test_database_without_the_routines_is_told_to_upgrade(
    at: Connection, action: list[str], capsys: Capture
) -> None:
    at.exec_driver_sql("DROP FUNCTION all_time_partitioned_tables")
    assert main(["partitions", *action]) == 2
    assert "first: creativeflow-schema upgrade head" in capsys.readouterr().err


def test_what_is_left_of_the_routines_does_its_part(at: Connection, capsys: Capture) -> None:
    main(["partitions", "ensure"])
    for name in ("ensure_partitions", "ensure_tasks", "months_without_partition"):
        at.exec_driver_sql(f"DROP ROUTINE {name}")
    assert main(["partitions", "report"]) == 0
    assert main(["partitions", "retire", "--older-than", "1 year"]) == 0
    assert main(["partitions", "retire", "--older-than", "1 year", "--dry-run"]) == 0
    strand(at, "2001-02-01 00:00+00", "2001-02-01 00:00+00")
    capsys.readouterr()
    assert main(["partitions", "report", "--months-ahead", "4"]) == 1
    said = capsys.readouterr().out
    assert "usage_logs: 1 row in DEFAULT; that is left to something else" in said
    assert "usage_logs: 3 months ahead, not 4; that is left to something else" in said
    assert "ensure" not in said.replace("than ensure_partitions", "")
    assert main(["partitions", "ensure"]) == 2
    assert capsys.readouterr().err.endswith(
        "The schema public has no ensure_partitions: its partitions are left to something else.\n"
        "Nothing was changed. Ask: creativeflow-schema partitions report\n"
    )


def test_command_works_from_the_shell() -> None:
    run = run_python("-m", "app", "partitions", "ensure")
    assert (run.returncode, run.stdout) == (
        0,
        "12 partitions created, 0 rows moved from DEFAULT.\n",
    )
    assert "usage_logs: partition for " in run.stderr
