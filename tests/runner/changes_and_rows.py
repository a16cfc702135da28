"""Kinds of changes, with rows that do not fit what comes, or afterwards not what was there."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.dialects import postgresql

from app.catalog.snapshot import Snapshot, snapshot
from tests.autogenerate.changes import (
    CHANGES,
    add_column,
    check,
    column,
    drop_constraint,
    foreign_key,
    index,
    no_primary_key,
    primary_key,
    replace_index,
)
from tests.autogenerate.fresh_models import fresh_metadata
from tests.schema.rows import make_row

Change = Callable[[MetaData], object]
Rows = Callable[[Connection], object]

SEEDED = {
    "users": 3,
    "teams": 2,
    "assets": 2,
    "sessions": 2,
    "notifications": 2,
    "usage_logs": 2,
    "workbenches": 1,
}


@dataclass(frozen=True)
class Case:
    """A change of the models that begins where those in ``first`` ended.

    ``misfits`` makes rows that the change does not admit, ``regrets`` makes, once it is there, rows
    that what was there before did not admit. The rows of :func:`seed` fit both.
    """

    change: Change
    misfits: Rows | None = None
    regrets: Rows | None = None
    first: Sequence[Change] = ()


@dataclass(frozen=True)
class State:
    """What a database has: its objects, and of tables and partitions what is in force.

    ``rows`` are those that can be updated, of each table.
    """

    objects: Snapshot
    valid_indexes: dict[str, int]
    invalid_indexes: tuple[str, ...]
    rules: dict[str, int]
    unchecked: tuple[str, ...]
    rows: dict[str, int]


def seed(engine: Engine) -> None:
    """Make some rows that fit all changes."""
    with engine.begin() as connection:
        for table, number in SEEDED.items():
            for n in range(number):
                make_row(
                    connection, table, **({"full_name": f"Name {n}"} if table == "users" else {})
                )
        # Those that other rows needed have none.
        connection.exec_driver_sql(
            "UPDATE users SET full_name = id WHERE full_name IS NULL;"
            "UPDATE teams SET name = 'Team ' || id; UPDATE notifications SET metadata = '{}'"
        )


_PARENTS = """\
SELECT quote_ident(relname) FROM pg_class
WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
    AND relname <> 'alembic_version'"""
_TABLES = """\
SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND relname <> 'alembic_version' ORDER BY relname"""
_INDEXES = "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = %s"
_RULES = """\
SELECT conname, convalidated FROM pg_constraint
WHERE conrelid = %s AND contype IN ('c', 'f', 'p', 'u', 'x')"""
_COLUMN = """\
SELECT quote_ident(attname) FROM pg_attribute
WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
ORDER BY attnum"""


def state(engine: Engine) -> State:
    """Return what the database of ``engine`` has; each of its rows is tried."""
    valid: dict[str, int] = {}
    rules: dict[str, int] = {}
    rows: dict[str, int] = {}
    invalid: list[str] = []
    unchecked: list[str] = []
    with engine.connect() as connection:
        for oid, table in connection.exec_driver_sql(_TABLES).all():
            indexes = connection.exec_driver_sql(_INDEXES, (oid,)).all()
            valid[table] = sum(is_valid for _, is_valid in indexes)
            invalid += [name for name, is_valid in indexes if not is_valid]
            found = connection.exec_driver_sql(_RULES, (oid,)).all()
            rules[table] = sum(is_valid for _, is_valid in found)
            unchecked += [f"{table}.{name}" for name, is_valid in found if not is_valid]
            rows[table] = _updatable(connection, oid, table)
        connection.rollback()
        objects = snapshot(connection, "public")
    return State(objects, valid, tuple(sorted(invalid)), rules, tuple(sorted(unchecked)), rows)


def _updatable(connection: Connection, oid: int, table: str) -> int:
    columns = connection.exec_driver_sql(_COLUMN, (oid,)).scalars().all()
    same = ", ".join(f"{name} = {name}" for name in columns)
    done = 0
    for (place,) in connection.exec_driver_sql(f'SELECT ctid::text FROM "{table}"').all():
        savepoint = connection.begin_nested()
        try:
            update = f'UPDATE "{table}" SET {same} WHERE ctid = %s::tid'
            connection.exec_driver_sql(update.replace("%s", f"'{place}'"))
            done += 1
        except sa.exc.DBAPIError:
            savepoint.rollback()
        else:
            savepoint.rollback()
    return done


def run(*statements: str) -> Rows:
    """Return what executes ``statements``."""

    def execute(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return execute


def twice(table: str, **other: str) -> Rows:
    """Return what inserts a row once more, with ``other`` values, which are SQL."""
    values = ", ".join(f"'{name}', {value}" for name, value in other.items())
    row = f"jsonb_populate_record(r, jsonb_build_object({values}))"
    return run(f'INSERT INTO "{table}" SELECT ({row}).* FROM "{table}" AS r LIMIT 1')


def row(table: str) -> Rows:
    """Return what makes a row of a table that has none."""
    return lambda connection: make_row(connection, table)


def _unique(table: str, name: str, *columns: str, **how: object) -> Change:
    def change(m: MetaData) -> None:
        if any(each.name == name for each in m.tables[table].constraints):
            drop_constraint(m, table, name)
        m.tables[table].append_constraint(sa.UniqueConstraint(*columns, name=name, **how))  # type: ignore[arg-type]

    return change


def _index(table: str, name: str, *columns: str, unique: bool = True) -> Change:
    return lambda m: sa.Index(name, *(m.tables[table].c[each] for each in columns), unique=unique)


def _no_index(table: str, name: str) -> Change:
    return lambda m: m.tables[table].indexes.remove(index(m, table, name))


def _key(table: str, *columns: str) -> Change:
    return lambda m: primary_key(m, table, *columns)


def _gone(table: str, name: str) -> Change:
    if name.startswith("pk_"):
        return lambda m: no_primary_key(m, table)
    return lambda m: drop_constraint(m, table, name)


def _check(table: str, name: str, sql: str) -> Change:
    return lambda m: check(m, table, name, sql)


def _refer(table: str, name: str, target: str, on: str, **how: object) -> Change:
    return lambda m: foreign_key(m, table, name, target, on, **how)


def _null(table: str, name: str, nullable: bool) -> Change:
    return lambda m: setattr(column(m, table, name), "nullable", nullable)


def _type(table: str, name: str, type_: sa.types.TypeEngine[Any]) -> Change:
    return lambda m: setattr(column(m, table, name), "type", type_)


def _add(table: str, name: str, *how: object, **more: object) -> Change:
    return lambda m: add_column(m, table, sa.Column(name, *how, **more))  # type: ignore[arg-type]


def _ignore_case(m: MetaData) -> None:
    drop_constraint(m, "users", "uq_user_email")
    sa.Index("idx_user_email", sa.func.lower(m.tables["users"].c.email), unique=True)


def _apart(m: MetaData) -> None:
    sessions = m.tables["sessions"]
    sessions.append_constraint(
        postgresql.ExcludeConstraint(
            (sa.func.tstzrange(sessions.c.created_at, sessions.c.expires_at), "&&"),
            name="ex_sessions_time",
            using="gist",
            where=sa.text("ip_address = 'x'"),
        )
    )


def _tiers(*values: str) -> Change:
    listed = ", ".join(f"'{each}'" for each in values)
    return _check("users", "subscription_tier", f"subscription_tier::text IN ({listed})")


def _several(*changes: Change) -> Change:
    def change(m: MetaData) -> None:
        for each in changes:
            each(m)

    return change


NEW = "gen_random_uuid()"
SAME_NAME = run("UPDATE users SET full_name = 'Same'")
SAME_USER = run(
    "UPDATE users SET username = id::text, full_name = 'Same'", "UPDATE users SET username = 'same'"
)
NO_NAME = run("UPDATE users SET full_name = NULL")
A_USERS = run("UPDATE usage_logs SET user_id = (SELECT id FROM users LIMIT 1)")
A_TEAMS = run("UPDATE usage_logs SET user_id = (SELECT id FROM teams LIMIT 1)")
NOBODYS = run(f"UPDATE usage_logs SET user_id = {NEW}")
OVERLAP = run(
    "UPDATE sessions SET created_at = '2026-01-01', expires_at = '2026-02-01', ip_address = 'x'"
)
TIER = "UPDATE users SET subscription_tier = '{}'"
OF_USER = _unique("notifications", "uq_n", "user_id", "created_at")
OF_TYPE = _unique("notifications", "uq_n", "type", "created_at")
LOWER = sa.Computed("1 / (char_length(full_name) - 4)", persisted=True)


States = tuple["State", ...]


@dataclass(frozen=True)
class Line:
    """What there was at first, and afterwards; the states of each are to be equal.

    ``stopped``: the upgrade met rows that do not fit. ``undone``: the change, and its way down.
    ``kept``: the way down met rows that do not fit. Each is tried with guards and without.
    """

    stopped: States
    undone: States
    kept: States


class FitsError(Exception):
    """Rows that were not to fit did."""


def try_out(case: Case, engine: Engine, config: Config, directory: Path) -> Line:
    """Return what a change leaves of the database of ``engine``, with rows of all kinds.

    Its revisions are written to ``directory``, where ``config`` looks for them.
    """
    config.attributes["connection"] = engine
    seed(engine)
    with fresh_metadata() as metadata:
        for first in case.first:
            first(metadata)
        if case.first:
            command.revision(config, "first", autogenerate=True, version_path=str(directory))
            command.upgrade(config, "head")
        with engine.connect() as connection:
            (start,) = MigrationContext.configure(connection).get_current_heads()
        case.change(metadata)
        command.revision(config, "change", autogenerate=True, version_path=str(directory))
    before = state(engine)
    stopped = _fails(case.misfits, engine, config, lambda: command.upgrade(config, "head"))
    command.upgrade(config, "head")
    kept = _fails(case.regrets, engine, config, lambda: command.downgrade(config, start))
    command.downgrade(config, start)
    return Line(stopped, (before, state(engine)), kept)


def _fails(rows: Rows | None, engine: Engine, config: Config, run: Callable[[], None]) -> States:
    """Return what there was before ``run``, with ``rows`` that are gone again then, and after."""
    if rows is None:
        return ()
    with engine.begin() as connection:
        tables = connection.exec_driver_sql(_PARENTS).scalars().all()
        connection.exec_driver_sql("CREATE SCHEMA kept")
        for name in tables:
            connection.exec_driver_sql(f"CREATE TABLE kept.{name} AS TABLE {name}")
        rows(connection)
    states = [state(engine)]
    for options in ([], ["misfits=skip"]):
        config.cmd_opts = Namespace(x=options)
        try:
            run()
        except CommandError:
            states.append(state(engine))
        else:
            raise FitsError
    config.cmd_opts = None
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for name in tables:
            connection.exec_driver_sql(f"DELETE FROM {name}")
            connection.exec_driver_sql(f"INSERT INTO {name} TABLE kept.{name}")
        connection.exec_driver_sql("DROP SCHEMA kept CASCADE")
    return tuple(states)


CASES: dict[str, Case] = {
    "CHECK added": Case(_check("users", "full_name", "full_name <> 'Same'"), SAME_NAME),
    "CHECK added to a partitioned table": Case(
        _check("usage_logs", "type", "action_type <> 'no'"),
        run("UPDATE usage_logs SET action_type = 'no'"),
    ),
    "CHECK dropped": Case(
        _gone("users", "ck_users_subscription_tier"), None, run(TIER.format("Any"))
    ),
    "CHECK dropped from a partitioned table": Case(
        _gone("usage_logs", "ck_usage_logs_type"),
        None,
        run("UPDATE usage_logs SET action_type = 'no'"),
        [_check("usage_logs", "type", "action_type <> 'no'")],
    ),
    "value added": Case(
        _tiers("Free", "Pro", "Team", "Enterprise", "Studio"), None, run(TIER.format("Studio"))
    ),
    "value removed": Case(_tiers("Free", "Team", "Enterprise"), run(TIER.format("Pro"))),
    "value added, another removed": Case(
        _tiers("Free", "Team", "Studio"), run(TIER.format("Pro")), run(TIER.format("Studio"))
    ),
    "CHECK on something else": Case(
        _check("users", "full_name", "full_name <> 'Other'"),
        run("UPDATE users SET full_name = 'Other'"),
        SAME_NAME,
        [_check("users", "full_name", "full_name <> 'Same'")],
    ),
    "NOT NULL set": Case(_null("users", "full_name", nullable=False), NO_NAME),
    "NOT NULL dropped": Case(
        _null("users", "full_name", nullable=True),
        None,
        NO_NAME,
        [_null("users", "full_name", nullable=False)],
    ),
    "NOT NULL set on a partitioned table": Case(
        _null("notifications", "metadata", nullable=False),
        run("UPDATE notifications SET metadata = NULL"),
    ),
    "NOT NULL dropped on a partitioned table": Case(
        _null("usage_logs", "action_type", nullable=True),
        None,
        run("UPDATE usage_logs SET action_type = NULL"),
    ),
    "unique rule added": Case(_unique("users", "uq_name", "full_name"), SAME_NAME),
    "unique rule dropped": Case(_gone("users", "uq_user_username"), None, SAME_USER),
    "unique rule on another column": Case(
        _unique("users", "uq_user_username", "full_name"),
        SAME_NAME,
        run("UPDATE users SET username = 'same'"),
    ),
    "unique rule made deferrable": Case(
        _unique("users", "uq_user_username", "username", deferrable=True)
    ),
    "unique rule that ignores case": Case(
        _ignore_case,
        run(
            "UPDATE users SET email = CASE full_name WHEN 'Name 0' THEN 'a' ELSE 'A' END"
            " WHERE full_name IN ('Name 0', 'Name 1')"
        ),
    ),
    "unique rule of NULLs": Case(
        _unique("users", "uq_name", "full_name", postgresql_nulls_not_distinct=True),
        NO_NAME,
        None,
        [_unique("users", "uq_name", "full_name")],
    ),
    "unique rule on a partitioned table added": Case(OF_USER, twice("notifications", id=NEW)),
    "unique rule on a partitioned table dropped": Case(
        _gone("notifications", "uq_n"), None, twice("notifications", id=NEW), [OF_USER]
    ),
    "unique rule on a partitioned table replaced": Case(
        OF_TYPE,
        twice("notifications", id=NEW, user_id="(SELECT id FROM users OFFSET 1 LIMIT 1)"),
        twice("notifications", id=NEW, type="'other'"),
        [OF_USER],
    ),
    "unique index added": Case(_index("users", "idx_name", "full_name"), SAME_NAME),
    "unique index dropped": Case(
        _no_index("users", "idx_name"), None, SAME_NAME, [_index("users", "idx_name", "full_name")]
    ),
    "index made unique": Case(
        lambda m: replace_index(m, "users", "idx_name", "full_name", unique=True),
        SAME_NAME,
        None,
        [_index("users", "idx_name", "full_name", unique=False)],
    ),
    "unique index made plain": Case(
        lambda m: replace_index(m, "users", "idx_name", "full_name"),
        None,
        SAME_NAME,
        [_index("users", "idx_name", "full_name")],
    ),
    "unique index on a partitioned table added": Case(
        _index("notifications", "idx_n", "user_id", "created_at"), twice("notifications", id=NEW)
    ),
    "unique index on a partitioned table dropped": Case(
        _no_index("notifications", "idx_n"),
        None,
        twice("notifications", id=NEW),
        [_index("notifications", "idx_n", "user_id", "created_at")],
    ),
    "index on an expression that fails": Case(
        lambda m: sa.Index(
            "idx_name", sa.text("(1 / (char_length(full_name) - 4))"), _table=m.tables["users"]
        ),
        SAME_NAME,
    ),
    "index replaced": Case(CHANGES["index_method_changed"]),
    "index on a partitioned table replaced": Case(CHANGES["index_replaced_on_partitioned_table"]),
    "primary key extended": Case(
        _key("sessions", "id", "user_id"),
        None,
        twice("sessions", user_id="(SELECT id FROM users OFFSET 1 LIMIT 1)"),
    ),
    "primary key narrowed": Case(
        _key("sessions", "id"),
        twice("sessions", user_id="(SELECT id FROM users OFFSET 1 LIMIT 1)"),
        None,
        [_key("sessions", "id", "user_id")],
    ),
    "primary key dropped": Case(_gone("sessions", "pk_sessions"), None, twice("sessions")),
    "primary key added": Case(
        _key("sessions", "id"), twice("sessions"), None, [_gone("sessions", "pk_sessions")]
    ),
    "primary key with keys on it": Case(CHANGES["primary_key_replaced_under_foreign_keys"]),
    "primary key left to a unique rule": Case(
        CHANGES["primary_key_left_to_a_unique_rule"],
    ),
    "primary key of a partitioned table replaced": Case(
        _key("notifications", "created_at", "id", "type"),
        None,
        twice("notifications", type="'other'"),
    ),
    "primary key of a partitioned table dropped": Case(
        _gone("notifications", "pk_notifications"), None, twice("notifications")
    ),
    "foreign key added": Case(
        _refer("social_media_connections", "fk_extra", "teams.id", "id"),
        row("social_media_connections"),
    ),
    "foreign key dropped": Case(
        _gone("teams", "fk_teams_owner_id"), None, run(f"UPDATE teams SET owner_id = {NEW}")
    ),
    "foreign key to another table": Case(
        _refer(
            "social_media_connections", "fk_social_media_connections_user_id", "teams.id", "user_id"
        ),
        row("social_media_connections"),
    ),
    "foreign key made deferrable": Case(CHANGES["foreign_key_made_deferrable"]),
    "foreign key on a partitioned table added": Case(
        _refer("usage_logs", "fk_extra", "teams.id", "generation_request_id"),
        run(
            "ALTER TABLE usage_logs DISABLE TRIGGER ALL",
            f"UPDATE usage_logs SET generation_request_id = {NEW}",
            "ALTER TABLE usage_logs ENABLE TRIGGER ALL",
        ),
        None,
        [_gone("usage_logs", "fk_usage_logs_generation_request_id")],
    ),
    "foreign key on a partitioned table dropped": Case(
        _gone("usage_logs", "fk_usage_logs_user_id"), None, NOBODYS
    ),
    "foreign key on a partitioned table to another table": Case(
        _refer("usage_logs", "fk_usage_logs_user_id", "teams.id", "user_id"), A_USERS, A_TEAMS
    ),
    "type widened": Case(
        _type("users", "full_name", sa.String(200)),
        None,
        run("UPDATE users SET full_name = repeat('x', 150)"),
    ),
    "type narrowed": Case(
        _type("users", "full_name", sa.String(50)),
        run("UPDATE users SET full_name = repeat('x', 60)"),
    ),
    "type of a checked column": Case(
        _type("users", "full_name", sa.Text()),
        None,
        run("UPDATE users SET full_name = repeat('x', 200)"),
        [_check("users", "full_name", "full_name <> 'Same'")],
    ),
    "type and a rule": Case(
        _several(
            _type("users", "full_name", sa.String(200)),
            _check("users", "username", "username <> 'no'"),
            _unique("teams", "uq_team_name", "name"),
        ),
        run("UPDATE users SET username = 'no' WHERE full_name = 'Name 0'"),
        run("UPDATE users SET full_name = repeat('x', 150)"),
    ),
    "required column without a default": Case(
        _add("social_media_connections", "extra", sa.Text, nullable=False),
        row("social_media_connections"),
    ),
    "column with a default": Case(_add("users", "extra", sa.Text, server_default="x")),
    "generated column that fails": Case(_add("users", "extra", sa.Integer, LOWER), SAME_NAME),
    "column dropped": Case(CHANGES["column_with_foreign_key_dropped"]),
    "exclusion rule added": Case(_apart, OVERLAP),
    "exclusion rule dropped": Case(_gone("sessions", "ex_sessions_time"), None, OVERLAP, [_apart]),
    "domain added": Case(CHANGES["domain_added_and_used"]),
    "table added": Case(CHANGES["table_added"]),
}
