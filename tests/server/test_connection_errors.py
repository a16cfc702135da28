"""A database that cannot serve: one clear message, no traceback, no password."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from app.server.embedded import server as embedded_server
from tests.support.commands import run_alembic, url_of
from tests.support.databases import ROOT
from tests.support.server import FAST, psycopg2_url

PASSWORD = "hunter2secret"


def refusal(*arguments: str, **environment: str) -> str:
    """Run ``alembic``, which must refuse, and return its message."""
    result = run_alembic(*arguments, cwd=ROOT, **environment)
    said = result.stdout + result.stderr
    assert result.returncode != 0
    assert "Traceback" not in said
    assert PASSWORD not in said
    return said


@pytest.fixture
def server_with_passwords(place: Path) -> Iterator[str]:
    """The URL of a server that asks the role ``keeper`` for a password."""
    url = embedded_server.start(place / "server", settings=FAST)
    engine = create_engine(psycopg2_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE keeper LOGIN PASSWORD 'right'")
        rules = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
        rules.write_text(f"local all keeper scram-sha-256\n{rules.read_text()}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()
    yield url
    embedded_server.release(place / "server")


def test_unreachable_server() -> None:
    url = f"postgresql://u:{PASSWORD}@localhost:1/db"
    message = refusal("upgrade", "head", DATABASE_URL=url)
    assert "Cannot connect to the database given by DATABASE_URL" in message
    assert "Connection refused" in message
    assert "Nothing was changed." in message


def test_wrong_password(server_with_passwords: str) -> None:
    url = psycopg2_url(server_with_passwords).set(username="keeper", password=PASSWORD)
    message = refusal("-x", f"url={url.render_as_string(hide_password=False)}", "upgrade", "head")
    assert "Cannot connect to the database given by -x url" in message
    assert 'password authentication failed for user "keeper"' in message
    assert "Nothing was changed." in message


def test_missing_database(shared_engine: Engine) -> None:
    url = shared_engine.url.set(drivername="postgresql", database="missing")
    message = refusal("current", DATABASE_URL=url.render_as_string(hide_password=False))
    assert 'database "missing" does not exist' in message


def test_missing_schema(shared_engine: Engine) -> None:
    message = refusal("-x", "schema=attic", "upgrade", "head", DATABASE_URL=url_of(shared_engine))
    assert "The schema 'attic' does not exist" in message
    assert 'CREATE SCHEMA "attic";' in message


def test_unknown_revision(shared_engine: Engine) -> None:
    message = refusal("upgrade", "nowhere", DATABASE_URL=url_of(shared_engine))
    assert "Can't locate revision identified by 'nowhere'" in message
