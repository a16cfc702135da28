"""pg_cron calls what docs/dba.md gives it, as the owner."""

import re

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from tests.docs.guide import blocks
from tests.partitions.database import scalar, strand
from tests.partitions.test_owner import owner
from tests.runner.database import ask, wait_until
from tests.support.databases import ROOT

__all__ = ["owner"]

JOB = re.compile(r"SELECT cron\.schedule\('(\w+)', '[^']+', '([^']+)'\)")
SCHEDULE = text(
    "SELECT cron.schedule_in_database(:name, '1 seconds', :call, :database, :owner)",
)
ENDED = """\
SELECT status IN ('succeeded', 'failed') FROM cron.job_run_details
WHERE database = '{0}' ORDER BY runid LIMIT 1"""
FIRST = """\
SELECT status || ' ' || return_message FROM cron.job_run_details
WHERE database = '{0}' ORDER BY runid LIMIT 1"""


@pytest.mark.tools
def test_pg_cron_ensures_the_partitions(owner: Connection, empty_engine: Engine) -> None:
    database_of_cron = ask(empty_engine, "SELECT current_setting('cron.database_name', true)")
    if database_of_cron is None:
        pytest.skip("the server has not loaded pg_cron")
    (match,) = filter(None, (JOB.search(each.text) for each in blocks(ROOT / "docs" / "dba.md")))
    name, call = match.groups()
    database, role = str(empty_engine.url.database), str(owner.engine.url.username)
    strand(owner, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    cron = create_engine(empty_engine.url.set(database=database_of_cron), poolclass=NullPool)
    with cron.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_cron")
        job = connection.execute(
            SCHEDULE, {"name": name, "call": call, "database": database, "owner": role}
        ).scalar_one()
    try:
        wait_until(cron, ENDED.format(database), 70)
    finally:
        with cron.begin() as connection:
            connection.exec_driver_sql(f"SELECT cron.unschedule({job})")
    # It says what came back, or what was called, by how it connects.
    said = ask(cron, FIRST.format(database))
    assert said in ("succeeded CALL", "succeeded 1 row")
    assert scalar(owner, "SELECT count(*) FROM usage_logs_default") == 0
    assert scalar(owner, "SELECT count(*) FROM usage_logs_p20710201") == 28
