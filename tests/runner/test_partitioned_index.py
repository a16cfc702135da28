"""``op.create_partitioned_index``: partition by partition, and on from where it was killed."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.revisions import partitioned_index
from tests.runner.database import ask, execute, holding, revision_of
from tests.runner.revisions import Revisions

ConfigFor = Callable[[Engine], Config]

DEFINITION = "USING btree (user_id) WHERE action_type LIKE 'a%{}' AND details IS NULL"
INDEX = f'op.create_partitioned_index("of_user", "usage_logs", "{DEFINITION}")'
PARTITIONS = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'usage_logs'::regclass"
ATTACHED = "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('of_user')"
VALID = "SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid::regclass::text ~ 'of_user'"


@pytest.fixture
def engine(migrated_engine: Engine) -> Engine:
    execute(
        migrated_engine,
        "CREATE TABLE logs_2001 PARTITION OF usage_logs FOR VALUES FROM ('2001-01-01') "
        "TO ('2002-01-01')",
        "CREATE TABLE logs_2002 PARTITION OF usage_logs FOR VALUES FROM ('2002-01-01') "
        "TO ('2003-01-01')",
    )
    return migrated_engine


def test_index_is_valid_on_all_partitions_and_on_those_to_come(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    new = revisions.add(INDEX, downgrade='op.drop_index("of_user", table_name="usage_logs")')
    command.upgrade(config_for(engine), "head")
    execute(
        engine,
        "CREATE TABLE logs_2003 PARTITION OF usage_logs FOR VALUES FROM ('2003-01-01') "
        "TO ('2004-01-01')",
    )
    assert ask(engine, ATTACHED) == ask(engine, PARTITIONS)
    assert ask(engine, VALID) == "True"
    assert revision_of(engine) == new
    command.downgrade(config_for(engine), "-1")
    assert ask(engine, "SELECT count(*) FROM pg_class WHERE relname ~ 'of_user'") == "0"


def test_attempt_that_was_stopped_is_continued(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    new = revisions.add(INDEX)
    execute(
        engine,
        f"CREATE INDEX of_user ON ONLY usage_logs {DEFINITION}".replace("%", "%%"),
        f"CREATE INDEX done ON logs_2001 {DEFINITION}".replace("%", "%%"),
        "ALTER INDEX of_user ATTACH PARTITION done",
    )
    done = ask(engine, "SELECT pg_relation_filenode('done')")
    leave_invalid(engine, f"logs_2002_of_user ON logs_2002 {DEFINITION}")
    command.upgrade(config_for(engine), "head")
    assert revision_of(engine) == new
    assert ask(engine, "SELECT pg_relation_filenode('done')") == done
    assert ask(engine, ATTACHED) == ask(engine, PARTITIONS)
    assert ask(engine, VALID) == "True"


def test_complete_index_of_a_partition_is_not_built_again(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add(INDEX)
    execute(
        engine,
        f"CREATE INDEX of_user ON ONLY usage_logs {DEFINITION}".replace("%", "%%"),
        f"CREATE INDEX logs_2001_of_user ON logs_2001 {DEFINITION}".replace("%", "%%"),
    )
    built = ask(engine, "SELECT pg_relation_filenode('logs_2001_of_user')")
    command.upgrade(config_for(engine), "head")
    assert ask(engine, "SELECT pg_relation_filenode('logs_2001_of_user')") == built
    assert ask(engine, ATTACHED) == ask(engine, PARTITIONS)


def test_index_is_valid_though_the_last_partition_without_it_is_gone(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    revisions.add(INDEX)
    execute(
        engine,
        f"CREATE INDEX of_user ON ONLY usage_logs {DEFINITION}".replace("%", "%%"),
        f"""DO $$ DECLARE partition regclass; BEGIN
            FOR partition IN SELECT inhrelid FROM pg_inherits
                WHERE inhparent = 'usage_logs'::regclass AND inhrelid <> 'logs_2002'::regclass
            LOOP
                EXECUTE 'CREATE INDEX one_of_user ON ' || partition || $i$ {DEFINITION} $i$;
                ALTER INDEX of_user ATTACH PARTITION one_of_user;
                EXECUTE 'ALTER INDEX one_of_user RENAME TO ' || partition || '_of_user';
            END LOOP;
        END $$""".replace("%", "%%"),
        "DROP TABLE logs_2002",
    )
    assert ask(engine, VALID) == "False"
    command.upgrade(config_for(engine), "head")
    assert ask(engine, VALID) == "True"


def leave_invalid(engine: Engine, index: str) -> None:
    """Stop a concurrent build of ``index`` while it waits for an older transaction."""
    autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
    with (
        holding(engine, "LOCK TABLE logs_2002 IN ROW EXCLUSIVE MODE"),
        autocommit.connect() as connection,
    ):
        connection.exec_driver_sql("SET statement_timeout = 100")
        with pytest.raises(DBAPIError, match="statement timeout"):
            connection.exec_driver_sql(f"CREATE INDEX CONCURRENTLY {index}".replace("%", "%%"))
    assert ask(engine, VALID) == "False"


def test_remains_of_another_definition_are_built_anew(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(engine, "CREATE INDEX of_user ON usage_logs (action_type)")
    revisions.add(INDEX)
    command.upgrade(config_for(engine), "head")
    assert "user_id" in str(ask(engine, "SELECT pg_get_indexdef('of_user'::regclass)"))
    assert ask(engine, ATTACHED) == ask(engine, PARTITIONS)


def test_unique_index_takes_long_names(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    name = "of_user_" + "x" * 55
    revisions.add(
        f'op.create_partitioned_index("{name}", "usage_logs",'
        ' "USING btree (user_id, timestamp)", unique=True)'
    )
    command.upgrade(config_for(engine), "head")
    assert ask(engine, f"SELECT indisunique FROM pg_index WHERE indexrelid = '{name}'::regclass")
    assert ask(engine, VALID) == "True"


def test_partitions_of_partitions_are_refused(
    engine: Engine, revisions: Revisions, config_for: ConfigFor
) -> None:
    execute(
        engine,
        "CREATE TABLE logs_2004 PARTITION OF usage_logs FOR VALUES FROM ('2004-01-01') "
        "TO ('2005-01-01') PARTITION BY RANGE (timestamp)",
    )
    revisions.add(INDEX)
    with pytest.raises(CommandError, match="logs_2004 of usage_logs is partitioned itself"):
        command.upgrade(config_for(engine), "head")


def test_script_is_refused(revisions: Revisions, config_for: ConfigFor, engine: Engine) -> None:
    revisions.add(INDEX)
    with pytest.raises(CommandError, match="no script can be written") as told:
        command.upgrade(config_for(engine), f"{revision_of(engine)}:head", sql=True)
    assert "Run alembic upgrade on a connection" in str(told.value)


def test_operation_is_frozen() -> None:
    """Merged revisions rely on it. A change for the better gets a new name; see decision 060."""
    source = Path(partitioned_index.__file__).read_bytes()
    assert sha256(source).hexdigest()[:16] == "ede3256001793fe3"
