"""The roles of a test's database, and logins that are members of them."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from tests.partitions.database import ensure, retire, strand
from tests.schema import catalog
from tests.support.databases import Databases
from tests.support.psql import psql

MakeConfig = Callable[[Engine | URL | str], Config]
SCRIPT = "ddl/roles.sql"
KINDS = ("owner", "app", "reader", "backup", "monitor")
# Whatever the script can change: privileges, owners, memberships.
_STATE = """
SELECT kind, name, concat_ws(' ', owner, attributes),
       ARRAY(SELECT entry::text FROM unnest(acl) AS entry ORDER BY 1)::text
FROM (
    SELECT 'database', datname::text, datdba::regrole, NULL, datacl
    FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT 'schema', nspname, nspowner::regrole, NULL, nspacl
    FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
    UNION ALL SELECT 'relation', oid::regclass::text, relowner::regrole, NULL, relacl
    FROM pg_class WHERE oid >= 16384 AND relnamespace::regnamespace::text !~ '^pg_'
    UNION ALL SELECT 'column', attrelid::regclass || '.' || attname, NULL, NULL, attacl
    FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384
    UNION ALL SELECT 'routine', oid::regprocedure::text, proowner::regrole, NULL, proacl
    FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT 'default', concat(defaclnamespace, defaclobjtype), defaclrole::regrole, NULL,
                     defaclacl
    FROM pg_default_acl
    UNION ALL SELECT 'role', rolname, NULL,
                     concat(rolsuper, rolcreaterole, rolcanlogin, rolbypassrls), NULL
    FROM pg_roles WHERE rolname LIKE :prefix
    UNION ALL SELECT 'member', roleid::regrole::text, member::regrole,
                     concat(admin_option, inherit_option, set_option), NULL
    FROM pg_auth_members WHERE member::regrole::text LIKE :prefix
) AS state (kind, name, owner, attributes, acl)
"""


@dataclass(frozen=True)
class Roles:
    """The roles of the database that ``superuser`` is connected to; they bear its name."""

    superuser: Engine

    def __getitem__(self, kind: str) -> str:
        """Return the name of the role."""
        return f"{self.superuser.url.database}_{kind}"

    def run(
        self, *variables: str, by: Engine | None = None, script: str = SCRIPT
    ) -> subprocess.CompletedProcess[str]:
        """Run the script as the superuser, or ``by`` another."""
        names = [f"--set={kind}={self[kind]}" for kind in KINDS]
        others = [f"--set={variable}" for variable in variables]
        return psql(by or self.superuser, *names, *others, "--file", script)

    def log_in(self, kind: str, attributes: str = "") -> Engine:
        """Return an engine for a login of its own that is a member of the role ``kind``."""
        login = self[f"{kind}_login"]
        with self.superuser.begin() as connection:
            there = "SELECT count(*) FROM pg_roles WHERE rolname = :login"
            if catalog.names(connection, there, login=login) == [0]:
                connection.exec_driver_sql(
                    f"CREATE ROLE {login} LOGIN PASSWORD 'login' {attributes}"
                )
                if kind in KINDS:
                    connection.exec_driver_sql(f"GRANT {self[kind]} TO {login}")
                if kind == "owner":
                    connection.exec_driver_sql(f"ALTER ROLE {login} SET role = '{self[kind]}'")
        url = self.superuser.url.set(username=login, password="login")
        return create_engine(url, poolclass=NullPool)

    def state(self) -> set[tuple[object, ...]]:
        """Return what the script can change."""
        with self.superuser.connect() as connection:
            prefix = f"{self.superuser.url.database}\\_%"
            return set(catalog.rows(connection, _STATE, prefix=prefix))


@contextmanager
def roles_of(databases: Databases, template: str = "template0") -> Iterator[Roles]:
    """Yield the roles-to-be of a new database; drop both after."""
    with databases.create(template) as superuser:
        roles = Roles(superuser)
        yield roles
        name = roles[""]
    with create_engine(databases.server, isolation_level="AUTOCOMMIT").connect() as connection:
        # Who has granted a membership goes after its member.
        made = """
            SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, :name)
            ORDER BY rolname LIKE '%_login'"""
        for role in catalog.names(connection, made, name=name):
            connection.execute(text(f"DROP ROLE {role}"))


def upgrade(engine: Engine, make_config: MakeConfig) -> None:
    """Run ``alembic upgrade head`` as the login of ``engine``."""
    command.upgrade(make_config(engine), "head")


def archive_a_month(engine: Engine) -> None:
    """Move a month with two rows to the schema ``archive``."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        strand(connection, "2071-02-01 00:00+00", "2071-02-02 00:00+00")
        assert ensure(connection) == (3, 2, 0)
        retire(connection, "1 month", as_of=datetime(2071, 4, 1, tzinfo=UTC))


def ok(result: subprocess.CompletedProcess[str]) -> list[str]:
    """Assert that the script ran without a word of complaint, and return what it said."""
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.splitlines()
