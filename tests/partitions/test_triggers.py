"""To move a row is no change of it: no trigger fires, and each is as it was afterwards."""

import pytest
from sqlalchemy import Connection

from tests.partitions.database import ensure, rows_of, scalar, strand

NOTE = """\
CREATE TABLE noted (event text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO noted VALUES (TG_OP);
    IF TG_LEVEL = 'ROW' AND TG_OP = 'INSERT' THEN
        NEW.action_type := 'changed';
    END IF;
    RETURN CASE TG_OP WHEN 'INSERT' THEN NEW END;
END $$"""
TRIGGERS = """\
CREATE TRIGGER each BEFORE INSERT OR DELETE ON usage_logs
    FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER whole AFTER INSERT OR DELETE ON usage_logs EXECUTE FUNCTION note();
CREATE TRIGGER own AFTER DELETE ON usage_logs_default EXECUTE FUNCTION note();
CREATE CONSTRAINT TRIGGER late AFTER INSERT OR DELETE ON usage_logs DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note()"""
STATES = """\
SELECT string_agg(concat_ws(' ', tgrelid::regclass, tgname, tgenabled), ', '
                  ORDER BY tgrelid::regclass::text, tgname)
FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'usage_logs%%'"""


@pytest.mark.parametrize("state", ["ENABLE", "ENABLE ALWAYS", "ENABLE REPLICA", "DISABLE"])
def test_no_trigger_fires_and_each_is_as_it_was(own: Connection, state: str) -> None:
    strand(own, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    for statement in (NOTE, TRIGGERS):
        own.exec_driver_sql(statement)
    for table, name in (
        ("usage_logs", "each"),
        ("usage_logs", "late"),
        ("usage_logs_default", "own"),
    ):
        own.exec_driver_sql(f"ALTER TABLE {table} {state} TRIGGER {name}")
    before, states = rows_of(own, "usage_logs"), scalar(own, STATES)
    assert ensure(own) == (3, 28, 0)
    assert rows_of(own, "usage_logs") == before
    assert scalar(own, "SELECT count(*) FROM noted") == 0
    letter = {"ENABLE": "O", "ENABLE ALWAYS": "A", "ENABLE REPLICA": "R", "DISABLE": "D"}[state]
    of_month = f"usage_logs_p20710201 each {letter}, usage_logs_p20710201 late {letter}"
    assert scalar(own, STATES) == f"{states}, {of_month}"


def test_keys_are_checked_at_once_even_where_that_may_wait(own: Connection) -> None:
    own.exec_driver_sql(
        "ALTER TABLE usage_logs ALTER CONSTRAINT fk_usage_logs_user_id"
        " DEFERRABLE INITIALLY DEFERRED;"
        "INSERT INTO users (email, username, password_hash) VALUES ('a@example.com', 'a', 'x')"
    )
    own.exec_driver_sql(NOTE)
    own.exec_driver_sql(TRIGGERS.partition(";")[0])
    strand(own, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    assert ensure(own) == (3, 28, 0)
    assert scalar(own, "SELECT count(user_id) FROM usage_logs_p20710201") == 28
