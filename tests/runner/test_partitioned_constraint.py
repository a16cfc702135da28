"""``op.build_partitioned_constraint`` and its like: built, put in place, cleared away."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, event

from app.revisions import partitioned_constraint
from tests.runner.database import ask, catalog_of, execute, revision_of
from tests.runner.revisions import Revisions

ConfigFor = Callable[[Engine], Config]

UNIQUE = 'UNIQUE (action_type, user_id, "timestamp") INCLUDE (id)'
KEY = 'PRIMARY KEY ("timestamp", id)'
OLD_KEY = 'PRIMARY KEY (id, "timestamp")'
BUILD, PUT, CLEAR = (
    f"op.{each}_partitioned_constraint({{0!r}}, 'usage_logs', {{1!r}})"
    for each in ("build", "put", "clear")
)
UP = "\n".join((BUILD, PUT))
DOWN = "op.drop_constraint({0!r}, 'usage_logs', if_exists=True)\n" + CLEAR
ON_PARTITIONS = """\
SELECT count(*) FROM pg_partition_tree('usage_logs') AS tree JOIN pg_index ON indrelid = tree.relid
WHERE isleaf AND indisunique AND indisvalid AND indnatts = 4"""
LEFT_BEHIND = """\
SELECT string_agg(indexrelid::regclass::text, ' ')
FROM pg_partition_tree('usage_logs') AS tree JOIN pg_index ON indrelid = tree.relid
WHERE isleaf AND NOT (SELECT relispartition FROM pg_class WHERE oid = indexrelid)"""
LEAVES = "SELECT count(*) FROM pg_partition_tree('usage_logs') WHERE isleaf"
MONTH = "CREATE TABLE {} PARTITION OF usage_logs FOR VALUES FROM ('{}-01-01') TO ('{}-02-01')"
USER = "INSERT INTO users (email, username, password_hash) VALUES ('a@b.c', 'a', 'x')"
LOG = "INSERT INTO usage_logs (user_id, action_type, timestamp) SELECT id, 'a', '{}' FROM users"


@pytest.fixture
def engine(migrated_engine: Engine) -> Engine:
    execute(
        migrated_engine,
        MONTH.format("logs_2001", 2001, 2001),
        MONTH.format("logs_2002", 2002, 2002) + " PARTITION BY RANGE (timestamp)",
        "CREATE TABLE logs_2002_1 PARTITION OF logs_2002 DEFAULT",
        USER,
        LOG.format("2001-01-05"),
        LOG.format("2002-01-05"),
    )
    return migrated_engine


def test_constraint_is_on_all_partitions_and_on_those_to_come(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    before = catalog_of(engine)
    revisions.add(UP.format("uq", UNIQUE), downgrade=DOWN.format("uq", UNIQUE))
    command.upgrade(config_for(engine), "head")
    execute(engine, MONTH.format("logs_2003", 2003, 2003))
    assert ask(engine, ON_PARTITIONS) == ask(engine, LEAVES)
    assert ask(engine, LEFT_BEHIND) is None
    command.downgrade(config_for(engine), "-1")
    assert ask(engine, ON_PARTITIONS) == "0"
    assert catalog_of(engine) == before


def test_what_was_built_is_kept_and_what_is_invalid_built_anew(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    built = revisions.add(BUILD.format("uq", UNIQUE))
    command.upgrade(config_for(engine), built)
    files = "SELECT pg_relation_filenode({})"
    name = "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = '{}'::regclass"
    kept, redone = (
        str(ask(engine, name.format(table) + " AND indnatts = 4"))
        for table in ("logs_2001", "logs_2002_1")
    )
    was = ask(engine, files.format(f"'{kept}'"))
    execute(
        engine,
        f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{redone}'::regclass",
    )
    revisions.add(UP.format("uq", UNIQUE))
    command.upgrade(config_for(engine), "head")
    assert ask(engine, files.format(f"'{kept}'")) == was
    assert ask(engine, ON_PARTITIONS) == ask(engine, LEAVES)
    assert ask(engine, LEFT_BEHIND) is None


def test_partition_that_comes_between_the_revisions_gets_it_too(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(engine, f"ALTER TABLE logs_2001 ADD CONSTRAINT of_2001 {UNIQUE}")
    built = revisions.add(BUILD.format("uq", UNIQUE))
    command.upgrade(config_for(engine), built)
    execute(
        engine,
        MONTH.format("logs_2003", 2003, 2003),
        MONTH.format("logs_2004", 2004, 2004),
        f"ALTER TABLE logs_2004 ADD CONSTRAINT its_own {UNIQUE}",
    )
    revisions.add(PUT.format("uq", UNIQUE))
    command.upgrade(config_for(engine), "head")
    assert ask(engine, ON_PARTITIONS) == ask(engine, LEAVES)
    assert ask(engine, LEFT_BEHIND) is None


def test_rows_that_do_not_fit_leave_nothing_once_it_is_cleared(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(engine, LOG.format("2002-01-05"))
    before = catalog_of(engine)
    new = revisions.add(UP.format("uq", UNIQUE))
    with pytest.raises(CommandError, match="23505"):
        command.upgrade(config_for(engine), new)
    assert catalog_of(engine) == before
    assert ask(engine, LEFT_BEHIND) is not None
    (path,) = revisions.directory.glob(f"{new}_*.py")
    build, put, clear = (each.format("uq", UNIQUE) for each in (BUILD, PUT, CLEAR))
    path.write_text(path.read_text().replace(build, "pass").replace(put, clear))
    command.upgrade(config_for(engine), "head")
    assert ask(engine, LEFT_BEHIND) is None


class StoppedError(Exception):
    """Stands for the end of the process."""


def test_partition_in_another_schema_is_refused_and_in_the_way_of_no_clearing(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(engine, "CREATE SCHEMA elsewhere", "ALTER TABLE logs_2001 SET SCHEMA elsewhere")
    cleared = revisions.add(
        CLEAR.format("uq", UNIQUE), "op.clear_partitioned_index('idx', 'usage_logs')"
    )
    command.upgrade(config_for(engine), cleared)
    revisions.add(UP.format("uq", UNIQUE))
    with pytest.raises(CommandError, match="logs_2001 of usage_logs is in another schema"):
        command.upgrade(config_for(engine), "head")
    assert ask(engine, LEFT_BEHIND) is None


@pytest.mark.fault
def test_run_that_is_stopped_anywhere_is_repeated(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    before = catalog_of(engine)
    revisions.add(
        UP.format("pk_usage_logs", KEY) + "\n" + CLEAR.format("pk_usage_logs", OLD_KEY),
        downgrade=UP.format("pk_usage_logs", OLD_KEY) + "\n" + CLEAR.format("pk_usage_logs", KEY),
    )
    config = config_for(engine)
    statements: list[str] = []
    stop_at = 0

    def count(_connection: object, _cursor: object, statement: str, *_: Any) -> None:
        if "usage_logs" in statement or "logs_200" in statement:
            statements.append(statement)
            if len(statements) == stop_at:
                raise StoppedError

    config.attributes["connection"] = engine
    event.listen(engine, "before_cursor_execute", count)
    run, after = command.upgrade, None
    for target in ("head", "-1"):
        while True:
            stop_at, statements[:] = stop_at + 1, []
            try:
                run(config, target)
            except StoppedError:
                assert len(statements) == stop_at
                # What was built is not lost, and the rule that was there still is.
                assert catalog_of(engine) == (after or before)
                continue
            break
        assert stop_at > 15
        # What is asked below is not to be stopped.
        run, stop_at = command.downgrade, 0
        assert ask(engine, LEFT_BEHIND) is None
        after = after or catalog_of(engine)
    assert after != before
    assert catalog_of(engine) == before


def test_script_is_refused(revisions: Revisions, config_for: ConfigFor, engine: Engine) -> None:
    revisions.add(UP.format("uq", UNIQUE), downgrade=CLEAR.format("uq", UNIQUE))
    with pytest.raises(CommandError, match="no script can be written") as told:
        command.upgrade(config_for(engine), f"{revision_of(engine)}:head", sql=True)
    assert "Run alembic upgrade on a connection" in str(told.value)


def test_operations_are_frozen() -> None:
    """Merged revisions rely on them. A change for the better gets a new name; see decision 060."""
    source = Path(partitioned_constraint.__file__).read_bytes()
    assert sha256(source).hexdigest()[:16] == "daa5373852560df1"
