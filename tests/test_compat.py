"""What app/compat.py relies on is there, and nothing else relies on what is private.

Where one of these fails with another Alembic or SQLAlchemy, the entry of app/compat.py that it is
named after has to be written anew; its docstring says what for.
"""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from alembic import command, util
from alembic.autogenerate import render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config, main
from alembic.operations import Operations, ops
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import postgresql

from app import compat
from app.runner.offline import GuardedPostgresqlImpl
from app.server.recording import record
from tests.support.databases import ROOT

VERSIONS = "SELECT version_num FROM alembic_version"
HAS_VERSION_TABLE = "SELECT to_regclass('alembic_version') IS NOT NULL"
ENV = 'from alembic import context\ncontext.config.attributes["run"](context)\n'
TEMPLATE = """\
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
word = ${repr(context.get("word", None))}
def upgrade(): pass
def downgrade(): pass
"""
REVISION = """\
\"\"\"{title}, a step.\"\"\"
from alembic import op
revision, down_revision = {revision!r}, {down!r}
def upgrade(): op.execute("SELECT 'up {revision}'")
def downgrade(): op.execute("SELECT 'down {revision}'")
"""


@pytest.fixture(autouse=True)
def _ids_are_drawn_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "rev_id", util.rev_id)


def test_tell_failures_by(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(util, "err", util.err)
    told: list[str] = []

    def tell(message: str) -> NoReturn:
        told.append(message)
        raise SystemExit(7)

    compat.tell_failures_by(tell)
    for quietly in ([], ["-q"]):
        with pytest.raises(SystemExit, match="7"):
            main([*quietly, "-c", str(ROOT / "alembic.ini"), "show", "nowhere"])
    assert told == ["Can't locate revision identified by 'nowhere'"] * 2
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Alembic with two branches and their merge; ``env.py`` is what a test puts in ``run``."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text(ENV)
    (tmp_path / "script.py.mako").write_text(TEMPLATE)
    for revision, down in (("a", None), ("b", "a"), ("c", "a"), ("d", ("b", "c"))):
        text = REVISION.format(title=revision.upper(), revision=revision, down=down)
        (tmp_path / "versions" / f"{revision}.py").write_text(text)
    config = Config()
    config.set_main_option("script_location", str(tmp_path))
    config.set_main_option("revision_environment", "true")
    config.attributes["run"] = lambda context: context.configure(dialect_name="postgresql")
    return config


@contextmanager
def environment(config: Config, **options: Any) -> Iterator[MigrationContext]:
    """Configure Alembic by ``options``, as ``env.py`` does."""
    with EnvironmentContext(config, ScriptDirectory.from_config(config)) as context:
        context.configure(**options)
        yield context.get_context()


def names_of(command: compat.Command) -> set[str]:
    flags = ("migrates", "upgrades", "stamps", "purges", "writes", "compares")
    return {name for name in flags if getattr(command, name)}


COMMANDS: dict[str, tuple[Callable[[Config], object], set[str]]] = {
    "upgrade": (lambda c: command.upgrade(c, "head"), {"migrates", "upgrades"}),
    "upgrade --sql": (lambda c: command.upgrade(c, "head", sql=True), {"migrates", "upgrades"}),
    "downgrade": (lambda c: command.downgrade(c, "base"), {"migrates"}),
    "stamp": (lambda c: command.stamp(c, "head"), {"migrates", "stamps"}),
    "stamp --purge": (
        lambda c: command.stamp(c, "head", purge=True),
        {"migrates", "stamps", "purges"},
    ),
    "current": (command.current, set()),
    "ensure_version": (command.ensure_version, set()),
    "check": (command.check, {"writes", "compares"}),
    "revision": (lambda c: command.revision(c, "x"), {"writes"}),
    "revision --autogenerate": (
        lambda c: command.revision(c, "x", autogenerate=True),
        {"writes", "compares"},
    ),
    "merge": (lambda c: command.merge(c, ["d"]), {"writes"}),
}


@pytest.mark.parametrize(("run", "wanted"), COMMANDS.values(), ids=COMMANDS)
def test_running_command(run: Callable[[Config], object], wanted: set[str], config: Config) -> None:
    told: list[compat.Command] = []

    def env(context: Any) -> None:
        context.configure(dialect_name="postgresql")
        told.append(compat.running_command(context.get_context()))

    config.attributes["run"] = env
    run(config)
    (found,) = told
    assert names_of(found) == wanted
    assert (found.revision is not None) == ("writes" in wanted and run is not COMMANDS["merge"][0])


def test_steps_of_the_running_command(config: Config) -> None:
    steps: list[object] = []

    def env(context: Any) -> None:
        context.configure(dialect_name="postgresql")
        migration_context = context.get_context()
        steps.extend(compat.running_command(migration_context).steps((), migration_context))

    config.attributes["run"] = env
    command.upgrade(config, "b")
    assert [str(step).split(" ->")[0] for step in steps] == ["upgrade ", "upgrade a"]


def test_writing_and_template_arguments(config: Config, tmp_path: Path) -> None:
    directories: list[str] = []

    def env(context: Any) -> None:
        context.configure(dialect_name="postgresql")
        migration_context = context.get_context()
        compat.template_arguments(migration_context)["word"] = "told"
        directories.append(compat.writing(migration_context).script_directory.dir)

    config.attributes["run"] = env
    written = command.revision(config, "x", autogenerate=True)
    assert isinstance(written, Script)
    assert "word = 'told'" in Path(written.path).read_text()
    assert directories == [str(tmp_path)]


def test_option(config: Config) -> None:
    with environment(config, dialect_name="postgresql", our_own="given") as context:
        autogenerate = AutogenContext(context, autogenerate=False)
        assert compat.option(autogenerate, "our_own") == "given"
        assert compat.option(autogenerate, "another") is None


@pytest.mark.parametrize("purge", [False, True])
def test_applying(purge: bool, config: Config, empty_engine: Engine) -> None:
    heads: list[object] = []

    def steps(found: object, _context: MigrationContext) -> tuple[()]:
        heads.append(found)
        return ()

    with empty_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('a')")
        options = compat.applying(steps, purge=purge)
        with environment(config, connection=connection, **options) as context:
            context.run_migrations()
        left = connection.exec_driver_sql(VERSIONS).scalars().all()
    assert heads == [() if purge else ("a",)]
    assert left == ([] if purge else ["a"])


@pytest.mark.parametrize(("options", "creates"), [({}, True), (compat.LOOKING, False)])
def test_looking(
    options: dict[str, Any], creates: bool, config: Config, empty_engine: Engine
) -> None:
    with empty_engine.begin() as connection:
        options = {**options, "fn": lambda _heads, _context: ()}
        with environment(config, connection=connection, **options) as context:
            context.run_migrations()
        assert connection.exec_driver_sql(HAS_VERSION_TABLE).scalar() is creates


def test_forbid_autocommit(config: Config, connection: Connection) -> None:
    class ForbiddenError(Exception):
        pass

    def refuse() -> NoReturn:
        raise ForbiddenError

    with environment(config, connection=connection) as context:
        compat.forbid_autocommit(context, refuse)
        with pytest.raises(ForbiddenError), Operations(context).get_context().autocommit_block():
            pass
    assert connection.in_transaction()


def test_upgrade_step(config: Config, tmp_path: Path) -> None:
    script = ScriptDirectory.from_config(config)
    revision = script.get_revision("d")
    assert revision is not None
    run: list[str] = []

    def noting(upgrade: Callable[[], None]) -> None:
        run.append("before")
        upgrade()

    step = compat.upgrade_step(script, revision, noting)
    with (tmp_path / "script.sql").open("w+") as output:
        options = {"as_sql": True, "output_buffer": output, "starting_rev": ("b", "c")}
        with (
            environment(
                config, dialect_name="postgresql", fn=lambda *_: [step], **options
            ) as context,
            Operations.context(context),
        ):
            context.run_migrations()
        output.seek(0)
        assert re.findall(r"'(up .)'", output.read()) == ["up d"]
    assert run == ["before"]


def test_downgrade_step_and_count_as(config: Config, empty_engine: Engine) -> None:
    script = ScriptDirectory.from_config(config)
    with (
        empty_engine.begin() as connection,
        environment(config, connection=connection) as context,
    ):
        context.stamp(script, "d")
        left = []
        for each in ("d", "c", "b", "a"):
            revision = script.get_revision(each)
            assert revision is not None
            step = compat.downgrade_step(script, revision)
            assert not step.is_upgrade
            compat.count_as(context, step)
            left.append(set(context.get_current_heads()))
    assert left == [{"b", "c"}, {"b"}, {"a"}, set()]


class Drawn(str):
    __slots__ = ()


@pytest.mark.parametrize("given", [None, "mine"])
def test_mark_drawn_ids_and_generate_by(given: str | None, config: Config) -> None:
    asked: list[str] = []

    def env(context: Any) -> None:
        context.configure(dialect_name="postgresql")
        revision = compat.running_command(context.get_context()).revision
        compat.mark_drawn_ids(Drawn, revision)

        def wrap(generate: Callable[..., Script | None]) -> Callable[..., Script | None]:
            def noting(revid: str, *arguments: Any, **options: Any) -> Script | None:
                asked.append(revid)
                return generate(f"{revid}_{len(asked)}", *arguments, **options)

            return noting

        compat.generate_by(context.script, wrap)

    config.attributes["run"] = env
    written = [
        command.revision(config, "x", rev_id=given),
        command.merge(config, "heads", rev_id=given),
    ]
    assert [isinstance(each, Drawn) for each in asked] == [given is None] * 2
    assert [each.revision for each in written if isinstance(each, Script)] == [
        f"{asked[0]}_1",
        f"{asked[1]}_2",
    ]


def none_of(context: Any, said: list[str]) -> None:
    context.configure(dialect_name="postgresql")
    revision = compat.writing(context.get_context())
    compat.write_none(revision, lambda: said.append("nothing"))


def test_write_none(config: Config, tmp_path: Path) -> None:
    said: list[str] = []
    config.attributes["run"] = lambda context: none_of(context, said)
    before = sorted(tmp_path.rglob("*.py"))
    command.check(config)
    assert said == []
    command.revision(config, "x", autogenerate=True)
    assert said == ["nothing"]
    assert sorted(tmp_path.rglob("*.py")) == before


def test_write_none_is_needed(config: Config) -> None:
    """Once this fails, ``directives.clear()`` does, and compat.write_none goes."""

    def env(context: Any) -> None:
        context.configure(dialect_name="postgresql")
        compat.writing(context.get_context()).generated_revisions.clear()

    config.attributes["run"] = env
    with pytest.raises(IndexError):
        command.check(config)


def test_render_operation_and_render_type(config: Config) -> None:
    with environment(config, dialect_name="postgresql") as context:
        autogenerate = AutogenContext(context, autogenerate=False)
        drop = ops.DropTableOp("widgets")
        assert compat.render_operation(autogenerate, drop) == "op.drop_table('widgets')"
        assert compat.render_type(autogenerate, sa.String(5)) == "sa.String(length=5)"
        assert compat.render_type(autogenerate, postgresql.JSONB()).startswith("postgresql.JSONB(")
        assert autogenerate.imports == {"from sqlalchemy.dialects import postgresql"}


def test_generated() -> None:
    written = render_python_code(ops.UpgradeOps([ops.DropTableOp("widgets")])).splitlines()
    comments = [line.strip() for line in written if line.strip().startswith("#")]
    assert comments
    assert all(each.startswith(compat.GENERATED) for each in comments)
    assert repr(compat.GENERATED).replace("'", '"') in (ROOT / "script.py.mako").read_text()


def test_write_postgresql_by(config: Config) -> None:
    with environment(config, dialect_name="postgresql") as context:
        assert isinstance(context.impl, GuardedPostgresqlImpl)


def test_steps_say_where_they_go(config: Config) -> None:
    seen: list[compat.MigrationStep] = []

    def env(context: Any) -> None:
        context.configure(dialect_name="postgresql")
        migration_context = context.get_context()
        seen.extend(compat.running_command(migration_context).steps(("b",), migration_context))

    config.attributes["run"] = env
    command.upgrade(config, "c")
    command.downgrade(config, "a")
    command.stamp(config, "a")
    up, down, stamp = seen
    assert isinstance(up, compat.RevisionStep)
    assert (up.is_upgrade, up.revision.revision, up.doc) == (True, "c", "C, a step.")
    assert (up.from_revisions_no_deps, up.to_revisions_no_deps) == (("a",), ("c",))
    assert isinstance(down, compat.RevisionStep)
    assert not down.is_upgrade
    assert (down.from_revisions_no_deps, down.to_revisions_no_deps) == (("b",), ("a",))
    assert isinstance(stamp, compat.StampStep)
    assert (stamp.from_revisions_no_deps, stamp.to_revisions_no_deps) == (("b",), ("a",))


@pytest.mark.parametrize("target", ["nowhere", "+9"])
def test_revision_error(target: str, config: Config) -> None:
    with pytest.raises(compat.RevisionError):
        list(ScriptDirectory.from_config(config).iterate_revisions(target, ("a",)))


def test_mock_connection(connection: Connection) -> None:
    metadata = sa.MetaData()
    table = sa.Table("widgets", metadata, sa.Column("id", sa.Integer))
    event.listen(table, "after_create", sa.DDL("SELECT 1"))  # type: ignore[no-untyped-call]
    dialects: list[object] = []

    def handler(_table: object, connection: Connection, **_: object) -> None:
        dialects.append(connection.dialect)
        connection.exec_driver_sql("SELECT 2")

    event.listen(table, "after_create", handler)
    taken = record(metadata.create_all, connection.dialect)
    assert [(each.sql.split("(")[0].strip(), each.by_handler) for each in taken] == [
        ("CREATE TABLE widgets", False),
        ("SELECT 1", True),
        ("SELECT 2", True),
    ]
    assert dialects == [connection.dialect]


def test_engine_through(empty_engine: Engine) -> None:
    engine = sa.create_engine(empty_engine.url, pool_size=1, max_overflow=0)
    begun: list[object] = []
    event.listen(engine, "connect", lambda connection, _: begun.append(connection))
    with engine.connect() as first:
        another = compat.engine_through(engine.pool.recreate(), engine)
        with another.connect() as second:
            assert second.dialect is first.dialect
            assert begun == [
                first.connection.dbapi_connection,
                second.connection.dbapi_connection,
            ]
        another.dispose()
    engine.dispose()


# --- Nothing else ------------------------------------------------------------------------------

# What may be imported elsewhere: a module and its names, None for all that have no underscore.
PUBLIC: dict[str, set[str] | None] = {
    "alembic": {"command", "context", "op"},
    "alembic.autogenerate": {"renderers"},
    "alembic.autogenerate.api": {"AutogenContext"},
    "alembic.config": None,
    "alembic.operations": None,
    "alembic.operations.ops": None,
    "alembic.runtime.environment": {"EnvironmentContext"},
    "alembic.runtime.migration": {"MigrationContext"},
    "alembic.runtime.plugins": {"Plugin"},
    "alembic.script": {"Script", "ScriptDirectory"},
    "alembic.util": {
        "AutogenerateDiffsDetected",
        "CommandError",
        "DispatchPriority",
        "PriorityDispatchResult",
    },
    "psycopg2.extensions": {"get_wait_callback", "set_wait_callback"},
    "psycopg2.extras": {"wait_select"},
    "sqlalchemy": None,
    "sqlalchemy.dialects": None,
    "sqlalchemy.dialects.postgresql": None,
    "sqlalchemy.engine": None,
    "sqlalchemy.exc": None,
    "sqlalchemy.ext.asyncio": None,
    "sqlalchemy.orm": None,
    "sqlalchemy.pool": None,
    "sqlalchemy.schema": None,
    "sqlalchemy.sql.elements": {"ClauseElement", "conv"},
    "sqlalchemy.types": None,
}
LIBRARIES = {"alembic", "sqlalchemy", "mako", "psycopg", "psycopg2"}
# Attributes that look public and are not.
ATTRIBUTES = {
    "__dialect__",
    "autocommit_block",
    "command_args",
    "context_opts",
    "dispatch",
    "generate_revision",
    "generate_scripts",
    "generated_revisions",
    "migration_fn",
    "on_version_apply_callbacks",
    "opts",
    "revision_map",
}
# What commands of Alembic pass to themselves.
OPTIONS = {"destination_rev", "dont_mutate", "purge", "revision_context", "template_args"}
# Attributes of namedtuples and of argparse's parsers.
OTHERS = {"_actions", "_asdict", "_make", "_replace"}
FILES = [path for path in (ROOT / "app").rglob("*.py") if path.name != "compat.py"]
# To open the block is documented; to replace what opens it is not.
OPENS_BLOCKS = {"migrate.py", "offline.py", "partitioned_constraint.py", "partitioned_index.py"}


def private_uses(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        place = f"line {getattr(node, 'lineno', 0)}"
        match node:
            case ast.ImportFrom(module=str(module), level=0) if module.split(".")[0] in LIBRARIES:
                public = PUBLIC.get(module, set())
                for alias in node.names:
                    known = alias.name in public if public is not None else alias.name[0] != "_"
                    if not known:
                        yield f"{place}: {module}.{alias.name}"
            case ast.Import():
                for alias in node.names:
                    if alias.name.split(".")[0] in LIBRARIES and alias.name not in PUBLIC:
                        yield f"{place}: {alias.name}"
            case ast.Attribute(attr=name, value=value):
                own = isinstance(value, ast.Name) and value.id in ("self", "cls")
                underscored = re.match("_[^_]", name) and name not in OTHERS
                if name in ATTRIBUTES or (underscored and not own):
                    yield f"{place}: .{name}"
            case ast.Constant(value=str(text)) if text in OPTIONS:
                yield f"{place}: {text!r}"
            case ast.Name(id=name) if name == "__dialect__":
                yield f"{place}: {name}"
            case ast.keyword(arg=str(name)) if name == "dont_mutate":
                yield f"{place}: {name}="
            case _:
                pass


@pytest.mark.parametrize(
    "path", [*FILES, ROOT / "env.py"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_nothing_else_uses_a_private_name(path: Path) -> None:
    found = list(private_uses(path))
    if path.name in OPENS_BLOCKS:
        found = [each for each in found if not each.endswith(".autocommit_block")]
    assert found == [], "give it an entry in app/compat.py, with the reason"


@pytest.mark.parametrize(
    "source",
    [
        "from alembic.util import sqla_compat",
        "from alembic.autogenerate.render import _repr_type",
        "from sqlalchemy.engine.mock import MockConnection",
        "from sqlalchemy import _x",
        "import mako.pygen",
        "import alembic.ddl.impl",
        "print(table._prefixes)",
        "context.opts['fn']",
        "x = options['revision_context']",
        "configure(dont_mutate=True)",
        "class A:\n    __dialect__ = 'postgresql'",
        "script.generate_revision = f",
    ],
)
def test_private_name_is_noticed(source: str, tmp_path: Path) -> None:
    path = tmp_path / "source.py"
    path.write_text(source)
    assert list(private_uses(path))


def test_variant_is_what_with_variant_put_there() -> None:
    type_ = sa.String(5).with_variant(postgresql.CITEXT(), "postgresql")
    assert isinstance(compat.variant(type_, "postgresql"), postgresql.CITEXT)
    assert compat.variant(type_, "mysql") is None


def test_copy_is_tied_to_no_table() -> None:
    column = sa.Column("a", sa.Integer, sa.Identity(start=7))
    sa.Table("t", sa.MetaData(), column)
    assert column.identity is not None
    copy = compat.copied(column.identity)
    assert copy is not column.identity
    assert copy.start == 7


def test_options_of_a_context_are_those_it_was_configured_with() -> None:
    filtering = {"include_name": lambda *_: True, "target_metadata": sa.MetaData()}
    migration = MigrationContext.configure(dialect_name="postgresql", opts=filtering)
    context = AutogenContext(migration, autogenerate=False)
    assert compat.options_of(migration)["include_name"] is filtering["include_name"]
    assert compat.has_filters(context)
    assert compat.has_filters(compat.context_like(context))
    plain = MigrationContext.configure(dialect_name="postgresql", opts={})
    assert not compat.has_filters(AutogenContext(plain, sa.MetaData(), autogenerate=False))
