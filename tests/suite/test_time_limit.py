"""A test that never ends fails at its time limit, and the tests after it run."""

import re
from pathlib import Path

import pytest

from tests.support.commands import run_python

TESTS = """
from concurrent.futures import ThreadPoolExecutor


def run(engine):
    with engine.connect() as connection:
        connection.exec_driver_sql("DO $$ BEGIN LOOP PERFORM pg_sleep(0.1); END LOOP; END $$")


def test_that_tries_again(empty_engine):
    while True:
        try:
            run(empty_engine)
        except Exception:
            pass


def test_that_waits_for_a_thread(empty_engine):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(run, empty_engine).result()


def test_quick(empty_engine):
    with empty_engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
"""


@pytest.mark.long
def test_endless_routines_fail_in_time_and_the_next_test_runs(tmp_path: Path) -> None:
    tests = tmp_path / "test_endless.py"
    tests.write_text(TESTS)
    # Long enough for a quick test on a busy machine.
    options = ("-p", "tests.conftest", "--rootdir", str(tmp_path), "--timeout", "8", "-n", "1")
    run = run_python("-m", "pytest", str(tests), *options)
    assert "2 failed, 1 passed" in run.stdout, run.stdout + run.stderr
    assert len(re.findall(r"^E +Failed: Timeout \(>8", run.stdout, re.MULTILINE)) == 2, run.stdout
