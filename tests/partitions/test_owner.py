"""The role that owns the tables needs to be no superuser, and owns what others make."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.partitions.messages import long_call
from tests.partitions.database import ensure, partitions, retire, rows_of, scalar, strand
from tests.runner.database import execute

TODAY = datetime(2071, 7, 1, tzinfo=UTC)
NOT_THE_OWNERS = """\
SELECT count(*)
FROM time_partitioned_tables() AS tables, pg_partition_tree(parent) AS leaf,
     LATERAL (SELECT relid UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = relid) AS part
     JOIN pg_class ON pg_class.oid = part.relid
WHERE pg_get_userbyid(relowner) <> current_user"""


@pytest.fixture
def owner(empty_engine: Engine, make_config: Callable[[Engine], Config]) -> Iterator[Connection]:
    """A connection as the role that has run the migrations, and may create no schema."""
    name = f"owner_of_{empty_engine.url.database}"
    execute(
        empty_engine,
        f"CREATE ROLE {name} LOGIN PASSWORD 'owner' NOSUPERUSER",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {name}",
    )
    url = empty_engine.url.set(username=name, password="owner")
    engine = create_engine(url, poolclass=NullPool)
    command.upgrade(make_config(engine), "head")
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    execute(empty_engine, f"DROP OWNED BY {name} CASCADE", f"DROP ROLE {name}")


def test_owner_makes_reports_and_drops_partitions(owner: Connection) -> None:
    assert len(partitions(owner, "usage_logs", "%_p%")) == 4, "made by the upgrade"
    strand(owner, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    assert ensure(owner) == (3, 28, 0)
    assert scalar(owner, "SELECT count(*) FROM partition_report()") == 3
    assert retire(owner, "1 month", drop=True, as_of=TODAY) == (15, 0)


def test_archive_needs_a_schema_to_create_in_and_the_hint_gives_it(
    owner: Connection, empty_engine: Engine
) -> None:
    strand(owner, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    ensure(owner)
    before = rows_of(owner, "usage_logs")
    for needed in ("CREATE SCHEMA archive AUTHORIZATION ", "GRANT USAGE, CREATE ON SCHEMA archive"):
        with pytest.raises(DBAPIError, match="archive") as refusal:
            retire(owner, "1 month", as_of=TODAY)
        hint = refusal.value.orig.diag.message_hint  # type: ignore[union-attr]
        assert hint.startswith("Nothing was retired. ")
        assert needed in hint
        assert rows_of(owner, "usage_logs") == before
        if needed.startswith("CREATE"):
            execute(empty_engine, "CREATE SCHEMA archive")
        else:
            execute(empty_engine, hint.partition(": ")[2])
    assert retire(owner, "1 month", as_of=TODAY) == (15, 0)
    assert rows_of(owner, "archive.usage_logs_p20710201") == before


@pytest.mark.parametrize("lacking", ["USAGE", "CREATE"])
def test_archive_takes_both_privileges_on_its_schema(
    owner: Connection, empty_engine: Engine, lacking: str
) -> None:
    role = owner.engine.url.username
    before = partitions(owner, "usage_logs", "%_p%")
    execute(
        empty_engine,
        "CREATE SCHEMA archive",
        f"GRANT USAGE, CREATE ON SCHEMA archive TO {role}",
        f"REVOKE {lacking} ON SCHEMA archive FROM {role}",
    )
    with pytest.raises(DBAPIError, match="may not create tables in the schema archive"):
        retire(owner, "1 month", as_of=TODAY)
    assert partitions(owner, "usage_logs", "%_p%") == before
    execute(empty_engine, f"GRANT {lacking} ON SCHEMA archive TO {role}")
    assert retire(owner, "1 month", as_of=TODAY) == (12, 0)


def test_strangers_schema_is_no_archive(owner: Connection, empty_engine: Engine) -> None:
    role = owner.engine.url.username
    before = partitions(owner, "usage_logs", "%_p%")
    with member_of(owner, empty_engine) as stranger:
        name = stranger.engine.url.username
        execute(
            empty_engine,
            f"REVOKE {role} FROM {name}",
            f"CREATE SCHEMA archive AUTHORIZATION {name}",
            f"GRANT ALL ON SCHEMA archive TO {role}",
        )
        with pytest.raises(DBAPIError, match=f"archive belongs to {name}, who could") as refusal:
            retire(owner, "1 month", as_of=TODAY)
        assert partitions(owner, "usage_logs", "%_p%") == before
        hint = refusal.value.orig.diag.message_hint  # type: ignore[union-attr]
        execute(empty_engine, hint.partition(": ")[2])
        assert retire(owner, "1 month", as_of=TODAY) == (12, 0)


def test_role_that_may_create_schemas_gets_the_archive(
    owner: Connection, empty_engine: Engine
) -> None:
    role, database = owner.engine.url.username, owner.engine.url.database
    execute(empty_engine, f"GRANT CREATE ON DATABASE {database} TO {role}")
    assert retire(owner, "1 month", as_of=TODAY) == (12, 0)
    owners = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'archive'"
    assert scalar(owner, owners) == role


@contextmanager
def member_of(owner: Connection, superuser: Engine) -> Iterator[Connection]:
    """Connect as a role that the owner's is granted to."""
    name = f"member_of_{owner.engine.url.username}"
    execute(
        superuser,
        f"CREATE ROLE {name} LOGIN PASSWORD 'member' NOSUPERUSER",
        f"GRANT {owner.engine.url.username} TO {name}",
    )
    url = superuser.url.set(username=name, password="member")
    with create_engine(url, poolclass=NullPool).connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    execute(superuser, f"DROP OWNED BY {name} CASCADE", f"DROP ROLE {name}")


@pytest.mark.parametrize("caller", ["superuser", "member"])
def test_partitions_belong_to_the_owner_whoever_calls(
    owner: Connection, empty_engine: Engine, caller: str
) -> None:
    strand(owner, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    if caller == "member":
        with member_of(owner, empty_engine) as member:
            assert ensure(member) == (3, 28, 0)
    else:
        with empty_engine.connect() as superuser:
            superuser.execution_options(isolation_level="AUTOCOMMIT")
            assert ensure(superuser) == (3, 28, 0)
    assert scalar(owner, NOT_THE_OWNERS) == 0
    owner.exec_driver_sql(
        "ALTER TABLE usage_logs ADD COLUMN note text, ADD CHECK (note <> '');"
        "CREATE INDEX ON usage_logs (note)"
    )
    assert retire(owner, "1 month", drop=True, as_of=TODAY) == (15, 0)


def test_owner_who_may_not_create_is_named_in_the_warning(
    owner: Connection, empty_engine: Engine
) -> None:
    role = owner.engine.url.username
    strand(owner, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
    execute(empty_engine, f"REVOKE CREATE ON SCHEMA public FROM {role}")
    with empty_engine.connect() as superuser:
        superuser.execution_options(isolation_level="AUTOCOMMIT")
        warnings: list[str] = []
        with long_call(superuser, "warning", warnings.append):
            assert ensure(superuser) == (0, 0, 3)
        assert warnings[-1] == (
            "usage_logs: no partition for 2071-02, its rows stay in DEFAULT: "
            f"permission denied for schema public (as {role})"
        )
        assert scalar(owner, "SELECT count(*) FROM usage_logs_default") == 28
        execute(empty_engine, f"GRANT CREATE ON SCHEMA public TO {role}")
        assert ensure(superuser) == (3, 28, 0)
    assert scalar(owner, NOT_THE_OWNERS) == 0
