"""The snapshot: the same objects give the same texts, wherever and however they are read."""

import pytest
from sqlalchemy import Connection

from app.autogenerate.scratch.copy import scratch_snapshot
from app.catalog.differences import compare, describe
from app.catalog.identity import Identity
from app.catalog.snapshot import Snapshot, snapshot
from app.models import Base


def test_migrations_build_what_the_models_describe(connection: Connection) -> None:
    assert describe(compare(scratch_snapshot(connection, Base.metadata), live(connection))) == ""


def test_search_path_of_the_session_changes_nothing_and_is_left_alone(
    connection: Connection,
) -> None:
    expected = live(connection)
    for path in ("pg_catalog", "information_schema, public", '"$user", public'):
        connection.exec_driver_sql(f"SET LOCAL search_path TO {path}")
        assert live(connection) == expected
        assert connection.exec_driver_sql("SHOW search_path").scalar() == path


def test_snapshot_is_immutable(connection: Connection) -> None:
    with pytest.raises(TypeError):
        live(connection)[Identity("table", None, "users")] = ""  # type: ignore[index]


def test_a_schema_that_does_not_exist_is_empty(connection: Connection) -> None:
    assert not snapshot(connection, "no_such_schema")


def test_partitions_and_the_version_table_are_no_part_of_it(connection: Connection) -> None:
    names = {identity.table or identity.name for identity in live(connection)}
    assert "usage_logs" in names
    assert not names & {"usage_logs_default", "alembic_version"}


def test_names_that_need_quotes_are_compared_as_they_are(connection: Connection) -> None:
    connection.exec_driver_sql(
        'CREATE TABLE "Odd ""name""" ("A b" text CHECK ("A b" <> \'\')); '
        'CREATE INDEX "on only" ON "Odd ""name""" ("A b")'
    )
    found = live(connection)
    assert found[Identity("column", 'Odd "name"', "A b")] == "text"
    assert found[Identity("index", 'Odd "name"', "on only")] == 'USING btree ("A b")'


def test_what_the_server_notes_of_columns_for_itself_is_no_part_of_it(
    connection: Connection,
) -> None:
    connection.exec_driver_sql("ALTER TABLE users ALTER email SET (n_distinct = -0.5)")
    expected = live(connection)
    # As minor releases since November 2026 do, with another number for each row.
    connection.exec_driver_sql(
        "SET LOCAL allow_system_table_mods TO on;"
        " UPDATE pg_attribute SET attoptions = array_append(attoptions, 'pg_attver=' || attnum)"
        " FROM pg_class WHERE pg_class.oid = attrelid AND relkind IN ('r', 'p')"
        " AND relnamespace = 'public'::regnamespace"
    )
    assert live(connection) == expected
    assert expected[Identity("column property", "users", "email.n_distinct")] == "-0.5"


def test_columns_are_told_with_their_missing_table(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE legacy (id integer NOT NULL DEFAULT 7, b text)")
    models = scratch_snapshot(connection, Base.metadata)
    assert describe(compare(models, live(connection))).splitlines() == [
        "unexpected table legacy",
        "    database: TABLE (id integer DEFAULT 7 NOT NULL, b text)",
    ]


def live(connection: Connection) -> Snapshot:
    return snapshot(connection, "public")
