"""Guards: rows that do not fit stop a revision before it changes anything."""

import re
from argparse import Namespace
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, MetaData, event

from app.revisions import guards
from tests.autogenerate.changes import add_column, check, drop_constraint
from tests.autogenerate.fresh_models import fresh_metadata
from tests.autogenerate.revisions import writing_to
from tests.runner.database import (
    ask,
    catalog_of,
    execute,
    holding,
    revision_of,
    wait_until,
    with_driver,
)
from tests.runner.guarded import CASES, ROWS
from tests.runner.load import released_once_said
from tests.runner.processes import finish, start_alembic
from tests.runner.revisions import Revisions
from tests.support.commands import copy_checkout
from tests.support.databases import make_config
from tests.support.psql import psql
from tests.support.revisions import HEAD, after_head

ConfigFor = Callable[[Engine], Config]
Change = Callable[[MetaData], object]

NOTE = "SELECT obj_description('alembic_version'::regclass)"
GUARD = """\
op.guard(
    "not null users.full_name",
    misfits="rows with NULL there",
    find="SELECT id AS key FROM users WHERE full_name IS NULL",
    fix="Give them a value",
)"""
MORE = """\
INSERT INTO users (email, username, password_hash)
SELECT n || '@example.com', n, 'x' FROM generate_series(1, 4) AS n"""


def write(config: Config, directory: Path, change: Change) -> str:
    """Have the revisions for ``change`` written, and return their text."""
    with fresh_metadata() as metadata:
        change(metadata)
        command.revision(config, "change", autogenerate=True, version_path=str(directory))
    return "".join(path.read_text() for path in sorted(directory.glob("*.py")))


@pytest.fixture
def config(migrated_engine: Engine, tmp_path: Path) -> Config:
    """Alembic on a database of the test's own, with revisions in ``tmp_path``."""
    config = writing_to(tmp_path, make_config(migrated_engine))
    config.attributes["connection"] = migrated_engine
    return config


@pytest.mark.parametrize("name", CASES)
def test_rows_that_do_not_fit_stop_the_upgrade_before_anything_changes(
    name: str, config: Config, migrated_engine: Engine, tmp_path: Path
) -> None:
    case = CASES[name]
    execute(migrated_engine, ROWS, case.before)
    text = write(config, tmp_path, case.change)
    assert f"op.guard(\n        '{case.rule}'" in text
    before = catalog_of(migrated_engine)
    with pytest.raises(CommandError) as told:
        command.upgrade(config, "head")
    said = str(told.value)
    noun = "misfit" if case.misfits == 1 else "misfits"
    assert f"\n{case.rule}: {case.misfits} {noun}, " in said
    assert f"Nothing was changed: the database is at {HEAD}.\n" in said
    find = re.findall("^To find them all: (.*)$", said, re.MULTILINE)
    assert ask(migrated_engine, find[0].replace("%", "%%")) is not None
    assert catalog_of(migrated_engine) == before
    assert ask(migrated_engine, NOTE) is None
    execute(migrated_engine, "UPDATE users SET last_login_at = now()", case.mend)
    command.upgrade(config, "head")
    with fresh_metadata() as metadata:
        case.change(metadata)
        command.check(config)


def test_message_tells_the_keys_and_what_to_do(
    config: Config, migrated_engine: Engine, tmp_path: Path
) -> None:
    execute(migrated_engine, ROWS, MORE)
    write(config, tmp_path, CASES["not null"].change)
    with pytest.raises(CommandError) as told:
        command.upgrade(config, "head")
    first, found, *others = str(told.value).splitlines()
    assert first == f"Upgrade {HEAD} -> {after_head()}, change: rows do not fit."
    assert re.fullmatch(
        r"not null users.full_name: 5 misfits, rows of users with NULL there: (\S+, ){3}\.\.\.",
        found,
    )
    assert others == [
        "To find them all: SELECT id AS key FROM users WHERE full_name IS NULL",
        f"Give these rows a value. Nothing was changed: the database is at {HEAD}.",
        "Then run the command again; -x misfits=skip goes on without asking.",
    ]


def test_way_down_is_guarded(config: Config, migrated_engine: Engine, tmp_path: Path) -> None:
    def without_rules(m: MetaData) -> None:
        drop_constraint(m, "users", "uq_user_username")
        drop_constraint(m, "users", "ck_users_subscription_tier")

    write(config, tmp_path, without_rules)
    command.upgrade(config, "head")
    execute(migrated_engine, ROWS)
    execute(migrated_engine, "UPDATE users SET subscription_tier = 'x', username = 'same'")
    before, at = catalog_of(migrated_engine), revision_of(migrated_engine)
    for rule, mend in (
        ("check constraint users.ck_users_subscription_tier", "subscription_tier = 'Free'"),
        ("unique constraint users.uq_user_username", "username = id::text"),
    ):
        with pytest.raises(CommandError, match=f"{rule}: 3 misfits, .*") as told:
            command.downgrade(config, HEAD)
        assert f"Nothing was changed: the database is at {at}." in str(told.value)
        assert catalog_of(migrated_engine) == before
        assert ask(migrated_engine, NOTE) is None
        execute(migrated_engine, f"UPDATE users SET {mend}")
    command.downgrade(config, HEAD)
    assert revision_of(migrated_engine) == HEAD


def test_what_the_planner_proves_or_another_rule_says_has_no_guard(
    config: Config, tmp_path: Path
) -> None:
    def change(m: MetaData) -> None:
        check(m, "users", "subscription_tier", "subscription_tier::text <> 'Other'")
        drop_constraint(m, "users", "uq_user_email")
        m.tables["users"].append_constraint(
            sa.UniqueConstraint("email", name="uq_another_name", deferrable=True)
        )

    text = write(config, tmp_path, change)
    assert "op.guard" not in text.partition("def downgrade")[0]
    assert "unique constraint" not in "".join(re.findall(r"op\.guard\(.*\n(.*)", text))


def test_rule_on_a_new_column_is_asked_where_it_is_validated(
    config: Config, migrated_engine: Engine, tmp_path: Path
) -> None:
    def change(m: MetaData) -> None:
        add_column(m, "users", sa.Column("points", sa.Integer, server_default="0"))
        check(m, "users", "points", "points >= 0")

    write(config, tmp_path, change)
    first, second = (path.read_text() for path in sorted(tmp_path.glob("*.py")))
    assert "op.guard" not in first
    assert second.index("op.guard(") < second.index("VALIDATE")
    execute(migrated_engine, ROWS)
    before = catalog_of(migrated_engine)
    command.upgrade(config, "+1")
    backfill(migrated_engine)
    with pytest.raises(CommandError) as told:
        command.upgrade(config, "head")
    assert "check constraint users.ck_users_points: 1 misfit" in str(told.value)
    assert f"was taken back: the database is at {HEAD}" in str(told.value)
    assert catalog_of(migrated_engine) == before


def backfill(engine: Engine) -> None:
    """Fill the new column past the rule, as it would be without it."""
    execute(
        engine,
        "ALTER TABLE users DROP CONSTRAINT ck_users_points",
        "UPDATE users SET points = -1 WHERE username = 'a'",
        "ALTER TABLE users ADD CONSTRAINT ck_users_points CHECK (points >= 0) NOT VALID",
    )


@pytest.mark.parametrize("where", ["x", "environment", "ini"])
def test_rows_are_not_asked_where_that_is_wished(
    where: str,
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: ConfigFor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = config_for(migrated_engine)
    revisions.add(GUARD)
    execute(migrated_engine, ROWS)
    if where == "environment":
        monkeypatch.setenv("DATABASE_MISFITS", "skip")
    elif where == "ini":
        config.set_main_option("misfits", "skip")
    else:
        config.cmd_opts = Namespace(x=["misfits=skip"], raiseerr=False)
    command.upgrade(config, "head")
    assert revision_of(migrated_engine) == revisions.head


def test_misfits_are_stopped_or_skipped_and_nothing_else(
    migrated_engine: Engine, config_for: ConfigFor
) -> None:
    config = config_for(migrated_engine)
    config.set_main_option("misfits", "ignore")
    with pytest.raises(CommandError, match=r"misfits in alembic.ini is 'ignore'.*\n.*stop or skip"):
        command.upgrade(config, "head")


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_guard_is_passed_once_though_its_revision_is_tried_again(
    driver: str,
    migrated_engine: Engine,
    revisions: Revisions,
    config_for: ConfigFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "app.runner")
    find = "SELECT id AS key FROM users WHERE full_name LIKE '%x:y'"
    revisions.add(
        f'op.guard("any", misfits="any", find="{find}", fix="any")',
        'op.execute("ALTER TABLE users ADD COLUMN late text")',
        "value = op.get_bind().exec_driver_sql('SHOW statement_timeout').scalar()",
        "op.execute(f\"COMMENT ON COLUMN users.late IS '{value}'\")",
    )
    engine, asked = with_driver(migrated_engine, driver), []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DO $guard$"):
            asked.append(statement)

    with (
        holding(migrated_engine, "LOCK TABLE users IN ROW EXCLUSIVE MODE") as holder,
        released_once_said(holder, caplog, "blocked by pid"),
    ):
        config = config_for(engine)
        config.attributes["connection"] = engine
        command.upgrade(config, "head")
    assert len(asked) == 1
    assert revision_of(migrated_engine) == revisions.head
    comment = "SELECT col_description('users'::regclass, attnum) FROM pg_attribute WHERE "
    assert ask(migrated_engine, comment + "attname = 'late'") == "1min"


def test_guard_cannot_change_anything(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(migrated_engine, "CREATE SEQUENCE counted")
    revisions.add('op.guard("x", misfits="x", find="SELECT nextval(\'counted\') AS key", fix="x")')
    with pytest.raises(CommandError, match="read-only transaction"):
        command.upgrade(config_for(migrated_engine), "head")


def test_guard_holds_nothing_when_the_revision_goes_on(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(migrated_engine, "CREATE TABLE seen (locks bigint)")
    revisions.add(
        GUARD,
        'op.execute("INSERT INTO seen SELECT count(*) FROM pg_locks '
        "WHERE pid = pg_backend_pid() AND relation = 'users'::regclass\")",
    )
    command.upgrade(config_for(migrated_engine), "head")
    assert ask(migrated_engine, "SELECT locks FROM seen") == "0"


def test_run_that_was_killed_while_it_asked_is_done_by_the_next(
    migrated_engine: Engine, tmp_path: Path
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    slow = "CASE current_setting('tests.slow', true) WHEN 'on' THEN pg_sleep(60) IS NULL"
    guard = GUARD.replace("full_name IS NULL", f"{slow} ELSE full_name IS NULL END")
    down = f"{guard}\nop.execute('DROP TABLE made')"
    revisions = Revisions(checkout / "versions")
    revisions.add(guard, 'op.execute("CREATE TABLE made ()")', downgrade=down)
    execute(migrated_engine, ROWS, "UPDATE users SET full_name = 'x'")
    for command_line in (("upgrade", "head"), ("downgrade", "-1")):
        run = start_alembic(
            migrated_engine, *command_line, cwd=checkout, PGOPTIONS="-c tests.slow=on"
        )
        wait_until(
            migrated_engine, "SELECT wait_event = 'PgSleep' FROM pg_stat_activity", seconds=60
        )
        run.kill()
        run.communicate()
        assert ask(migrated_engine, NOTE) is None
        said = finish(start_alembic(migrated_engine, "upgrade", "head", cwd=checkout), expect=0)
        assert "was not finished" not in said
        assert revision_of(migrated_engine) == revisions.head


@pytest.mark.parametrize("name", ["not null", "unique", "other type"])
def test_script_asks_too(
    name: str, config: Config, migrated_engine: Engine, tmp_path: Path
) -> None:
    case = CASES[name]
    write(config, tmp_path, case.change)
    execute(migrated_engine, ROWS)
    config.output_buffer = written = StringIO()
    command.upgrade(config, f"{HEAD}:head", sql=True)
    before = catalog_of(migrated_engine)
    refused = psql(migrated_engine, script=written.getvalue())
    assert refused.returncode == 3
    noun = "misfit" if case.misfits == 1 else "misfits"
    assert f"ERROR:  {case.rule}: {case.misfits} {noun}, " in refused.stderr
    assert "DETAIL:  To find them all: SELECT " in refused.stderr
    assert "Nothing of its revision was changed" in refused.stderr
    assert catalog_of(migrated_engine) == before
    execute(migrated_engine, case.mend)
    done = psql(migrated_engine, script=written.getvalue())
    assert (done.returncode, done.stderr) == (0, "")
    command.current(config, check_heads=True)
    config.output_buffer = written = StringIO()
    config.set_main_option("misfits", "skip")
    command.upgrade(config, f"{HEAD}:head", sql=True)
    assert "$guard$" not in written.getvalue()


@pytest.mark.parametrize("owned", [True, False])
def test_guard_is_asked_in_the_transaction_of_a_caller(
    owned: bool, migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add(GUARD, 'op.execute("CREATE TABLE made ()")')
    execute(migrated_engine, ROWS if owned else "SELECT 1")
    config = config_for(migrated_engine)
    with migrated_engine.connect() as connection, connection.begin() as transaction:
        config.attributes["connection"] = connection
        if owned:
            with pytest.raises(CommandError, match="Nothing is committed: roll back"):
                command.upgrade(config, "head")
        else:
            command.upgrade(config, "head")
            transaction.rollback()
    assert revision_of(migrated_engine) == HEAD


def test_guard_that_is_behind_a_change_is_asked_in_its_transaction(
    migrated_engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add('op.execute("CREATE TABLE early ()")', GUARD)
    execute(migrated_engine, ROWS)
    with pytest.raises(CommandError, match="1 misfit, rows with NULL there"):
        command.upgrade(config_for(migrated_engine), "head")
    assert ask(migrated_engine, "SELECT to_regclass('early')") is None
    assert revision_of(migrated_engine) == HEAD


def test_operation_is_frozen() -> None:
    """Merged revisions rely on it. A change for the better gets a new name; see decision 064."""
    source = Path(guards.__file__).read_bytes()
    assert sha256(source).hexdigest()[:16] == "0bf53d81cbf0e97e"
