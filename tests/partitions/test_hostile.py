"""Another role, which may create in the schema, gets nothing run by those who look after months."""

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.__main__ import main
from app.partitions.messages import long_call
from tests.partitions.conftest import DROP_PARTITIONS
from tests.partitions.database import partitions, scalar, strand
from tests.partitions.hostile import TRAPS, Town, session
from tests.runner.database import ask, execute
from tests.support.commands import url_of
from tests.support.databases import ROOT, Databases
from tests.support.thinned import one_in

CALLERS = ("owner", "member", "superuser")
PATHS = ("public", "public, pg_catalog")
ENSURE = """\
CALL public.ensure_partitions(
    0, '2071-02-14 00:00+00'::pg_catalog.timestamptz, 50000, 0, 0::pg_catalog.int8, 0)"""
RETIRE = """\
CALL public.retire_partitions('1 year'::pg_catalog.interval, %s,
                              '2080-01-01 00:00+00'::pg_catalog.timestamptz, 0, 0)"""
LOOK = (
    "SELECT pg_catalog.count(*) FROM public.partition_report(pg_catalog.now())",
    "SELECT pg_catalog.count(*) FROM public.retirable_partitions("
    "'1 year'::pg_catalog.interval, pg_catalog.now(), true)",
)


@pytest.fixture(scope="module")
def town_template(
    databases: Databases, make_config: Callable[[Engine], Config]
) -> Iterator[tuple[str, str]]:
    """The names of a migrated database and of the role that owns all in it."""
    with databases.create() as engine:
        town = Town(engine, f"owner_of_{engine.url.database}")
        execute(
            engine,
            *(
                f"CREATE ROLE {name} LOGIN PASSWORD 'any' NOSUPERUSER"
                for name in (town.owner, town.mallory, town.member)
            ),
            f"GRANT {town.owner} TO {town.member}",
            "GRANT ALL ON SCHEMA public TO PUBLIC",
        )
        execute(engine, f"GRANT CREATE ON DATABASE {engine.url.database} TO {town.owner}")
        command.upgrade(make_config(town.engine_of("owner")), "head")
        with session(engine, "public") as connection:
            connection.exec_driver_sql(DROP_PARTITIONS)
            connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()
        yield str(engine.url.database), town.owner
        roles = ", ".join((town.owner, town.mallory, town.member))
        execute(engine, f"DROP OWNED BY {roles} CASCADE", f"DROP ROLE {roles}")


@pytest.fixture
def town(databases: Databases, town_template: tuple[str, str]) -> Iterator[Town]:
    template, owner = town_template
    with databases.create(template) as engine:
        database = engine.url.database
        execute(engine, f"GRANT CREATE ON DATABASE {database} TO {owner}")
        with session(engine, "public") as connection:
            strand(connection, "2071-02-01 00:00+00", "2071-02-28 00:00+00")
        town = Town(engine, owner)
        yield town
        execute(engine, f"ALTER ROLE {town.mallory} NOSUPERUSER")


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("trap", TRAPS)
def test_calls_in_sql_run_nobody_elses_code(town: Town, trap: str, caller: str) -> None:
    town.set_trap(TRAPS[trap])
    for path in PATHS:
        with session(town.engine_of(caller), path) as connection:
            created = connection.exec_driver_sql(ENSURE).one()
            assert tuple(created) == ((3, 28, 0) if path == PATHS[0] else (0, 0, 0))
            for query in LOOK:
                connection.exec_driver_sql(query)
    for path, drop, retired in zip(PATHS, (False, True), (3, 0), strict=True):
        with session(town.engine_of(caller), path) as connection:
            done = connection.exec_driver_sql(RETIRE.replace("%s", str(drop))).one()
            assert tuple(done) == (retired, 0)
    assert not town.caught()


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("trap", TRAPS)
def test_commands_run_nobody_elses_code(
    town: Town,
    trap: str,
    caller: str,
    make_config: Callable[[Engine], Config],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = town.engine_of(caller)
    town.set_trap(TRAPS[trap])
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATABASE_URL", url_of(engine))
    assert main(["partitions", "ensure"]) == 0
    main(["partitions", "report"])
    for last in ("--dry-run", "--drop"):
        assert main(["partitions", "retire", "--older-than", "1 month", last]) == 0
    command.upgrade(make_config(engine), "head")
    assert not town.caught()
    assert ask(town.engine, "SELECT count(*) FROM usage_logs_default") == "0"


@pytest.mark.parametrize(
    ("trap", "step"),
    [
        ("a table of its own", "DELETE FROM lure_logs"),
        ("functions", "SELECT format('%%s', 'users'::regclass)"),
        ("operators", "SELECT 1 = 1"),
        ("types and casts", "SELECT 'users'::regclass"),
    ],
)
def test_traps_spring(town: Town, trap: str, step: str) -> None:
    town.set_trap(TRAPS[trap])
    assert not town.caught()
    with session(town.engine_of("superuser"), "public, pg_catalog") as connection:
        connection.exec_driver_sql(step)
    assert town.caught()


# Who sets it, how, and why the table is left alone; "spy()" and "spring()" are mallory's.
HINDRANCES = {
    "trigger": (
        "mallory",
        "CREATE TRIGGER spy AFTER INSERT ON usage_logs FOR EACH ROW EXECUTE FUNCTION spy()",
        "trigger spy on table public.usage_logs runs public.spy()",
    ),
    "trigger of a partition": (
        "mallory",
        "CREATE TRIGGER spy BEFORE DELETE ON usage_logs_default EXECUTE FUNCTION spy()",
        "trigger spy on table public.usage_logs_default runs public.spy()",
    ),
    "policy": (
        "owner",
        "ALTER TABLE usage_logs_default ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY spy ON usage_logs_default USING (spring())",
        "policy spy on table public.usage_logs_default runs public.spring()",
    ),
    "constraint": (
        "owner",
        "ALTER TABLE usage_logs ADD CONSTRAINT spy CHECK (spring(id))",
        "constraint spy on table public.usage_logs runs public.spring(anyelement)",
    ),
    "default": (
        "owner",
        "ALTER TABLE usage_logs ALTER COLUMN action_type SET DEFAULT spring()::text",
        "default value for column action_type of table public.usage_logs runs public.spring()",
    ),
    "index": (
        "owner",
        "CREATE INDEX spy ON usage_logs (spring(id))",
        "index public.spy runs public.spring(anyelement)",
    ),
    "rule": (
        "owner",
        "CREATE RULE spy AS ON DELETE TO usage_logs_default DO ALSO SELECT spring()",
        "rule spy on table public.usage_logs_default runs public.spring()",
    ),
    "operator": (
        "owner",
        "CREATE OPERATOR === (FUNCTION = spring, RIGHTARG = anyelement);"
        "ALTER TABLE usage_logs ADD CONSTRAINT spy CHECK (=== id)",
        "constraint spy on table public.usage_logs runs public.spring(anyelement)",
    ),
    "forced policy of the owner's": (
        "owner",
        "ALTER TABLE usage_logs_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "row level security is forced on {owner} too",
    ),
    "partition of another role": (
        "superuser",
        "ALTER TABLE usage_logs_default OWNER TO {mallory}",
        "its DEFAULT partition belongs to {mallory}, not to {owner}",
    ),
    "table of another role": (
        "superuser",
        "ALTER TABLE usage_logs OWNER TO {mallory}",
        "it belongs to {mallory}, not to {owner}",
    ),
}


@pytest.mark.parametrize("caller", ["owner", "superuser"])
@pytest.mark.parametrize("hindrance", [one_in(3, name) for name in HINDRANCES])
def test_table_that_runs_other_code_is_left_alone_and_that_is_said(
    town: Town,
    hindrance: str,
    caller: str,
    make_config: Callable[[Engine], Config],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    setter, statement, reason = HINDRANCES[hindrance]
    names = {"owner": town.owner, "mallory": town.mallory}
    own = hindrance != "table of another role"
    town.set_trap("GRANT EXECUTE ON FUNCTION spy() TO PUBLIC")
    tables = "usage_logs, usage_logs_default"
    execute(town.engine_of("owner"), f"GRANT TRIGGER ON {tables} TO {town.mallory}")
    execute(town.engine_of(setter), statement.format(**names))
    execute(town.engine, "ALTER SEQUENCE caught RESTART")
    said = f"usage_logs: left alone: {reason.format(**names)}"
    engine = town.engine_of(caller)

    warnings: list[str] = []
    with session(engine, "public") as connection, long_call(connection, "warning", warnings.append):
        assert tuple(connection.exec_driver_sql(ENSURE).one()) == (2, 0, int(own))
        connection.exec_driver_sql(RETIRE.replace("%s", "true"))
        assert partitions(connection, "usage_logs") == {}
        assert scalar(connection, "SELECT count(*) FROM time_partitioned_tables()") == 2
    assert len(warnings) == 2
    assert all(each.startswith(said) for each in warnings)
    assert ask(town.engine, "SELECT count(*) FROM usage_logs_default") == "28"

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATABASE_URL", url_of(engine))
    assert main(["partitions", "ensure"]) == int(own)
    assert said in capsys.readouterr().err
    assert main(["partitions", "report"]) == int(own)
    assert said in capsys.readouterr().out
    assert main(["partitions", "retire", "--older-than", "1 month", "--dry-run"]) == 0
    assert said in capsys.readouterr().err
    command.upgrade(make_config(engine), "head")
    assert said in caplog.text
    assert not town.caught()


@pytest.mark.parametrize("caller", CALLERS)
def test_temporary_tables_of_the_session_are_not_taken_for_others(town: Town, caller: str) -> None:
    names = "pg_class pg_proc pg_inherits pg_constraint pg_namespace users usage_logs_default"
    with session(town.engine_of(caller), "pg_temp, public") as connection:
        for name in names.split():
            schema = "pg_catalog" if name.startswith("pg") else "public"
            connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} (LIKE {schema}.{name})")
        assert tuple(connection.exec_driver_sql(ENSURE).one()) == (3, 28, 0)
        assert connection.exec_driver_sql(LOOK[0]).scalar() == 3
        assert tuple(connection.exec_driver_sql(RETIRE.replace("%s", "false")).one()) == (3, 0)


def test_code_of_a_superuser_or_of_the_owner_is_no_hindrance(town: Town) -> None:
    for role in ("superuser", "owner"):
        execute(
            town.engine_of(role),
            f"CREATE FUNCTION of_{role}() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN coalesce(NEW, OLD); END'",
            f"CREATE TRIGGER of_{role} BEFORE INSERT OR DELETE ON usage_logs"
            f" FOR EACH ROW EXECUTE FUNCTION of_{role}()",
        )
    with session(town.engine_of("owner"), "public") as connection:
        assert tuple(connection.exec_driver_sql(ENSURE).one()) == (3, 28, 0)
