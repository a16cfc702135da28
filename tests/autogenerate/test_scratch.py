"""The scratch copy: nothing of it survives, and what cannot be built is named."""

from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    text,
)

from app.autogenerate.scratch.copy import ModelError, ScratchError, scratch_copy, scratch_snapshot
from app.models import Base

SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'scratch%%'"


def table(*items: CheckConstraint | Index | Column[int], schema: str | None = None) -> MetaData:
    metadata = MetaData()
    Table("widgets", metadata, Column("id", Integer, primary_key=True), *items, schema=schema)
    return metadata


def test_nothing_survives(connection: Connection) -> None:
    with scratch_copy(connection, [Base.metadata]) as schema:
        assert connection.exec_driver_sql(SCHEMAS).scalars().all() == [schema]
    assert connection.exec_driver_sql(SCHEMAS).scalars().all() == []


def test_nothing_survives_outside_a_transaction(shared_engine: Engine) -> None:
    with shared_engine.connect() as connection:
        scratch_snapshot(connection, Base.metadata)
        assert not connection.in_transaction()
        assert connection.exec_driver_sql(SCHEMAS).scalars().all() == []


BROKEN = {
    "unknown column in a CHECK": (
        table(CheckConstraint("colour > 0", name="ck_colour")),
        'column "colour" does not exist',
        'the table "widgets"',
    ),
    "syntax error in a CHECK": (
        table(CheckConstraint("id >", name="ck_id")),
        "syntax error",
        'the table "widgets"',
    ),
    "unknown column in an index": (
        table(Index("idx_colour", text("colour"))),
        'column "colour" does not exist',
        'index "idx_colour" in the model of table "widgets"',
    ),
    "unknown table in a foreign key": (
        table(Column("other_id", ForeignKey("nowhere.id"))),
        "nowhere",
        "the models",
    ),
    "schema in a model": (table(schema="public"), 'names the schema "public"', "schema="),
}


@pytest.mark.parametrize(("metadata", "reason", "place"), BROKEN.values(), ids=BROKEN)
def test_model_at_fault_is_named_and_nothing_survives(
    metadata: MetaData, reason: str, place: str, connection: Connection
) -> None:
    with pytest.raises(ModelError) as failure:
        scratch_snapshot(connection, metadata)
    assert reason in str(failure.value)
    assert place in str(failure.value)
    assert connection.exec_driver_sql(SCHEMAS).scalars().all() == []


def test_models_are_not_changed(connection: Connection) -> None:
    before = {name: repr(each) for name, each in Base.metadata.tables.items()}
    scratch_snapshot(connection, Base.metadata)
    assert {name: repr(each) for name, each in Base.metadata.tables.items()} == before


@pytest.mark.parametrize(
    "forbid",
    [
        "SET LOCAL transaction_read_only = on",
        "CREATE ROLE without_create; GRANT pg_read_all_data TO without_create; "
        "SET LOCAL ROLE without_create",
    ],
    ids=["read-only", "no privilege"],
)
def test_server_that_allows_no_scratch_schema_says_what_to_do(
    forbid: str, connection: Connection
) -> None:
    connection.exec_driver_sql(forbid)
    with pytest.raises(ScratchError, match="scratch_url"):
        scratch_snapshot(connection, Base.metadata)


def test_scratch_copy_on_another_server_serves_a_read_only_one(
    connection: Connection,
    empty_engine: Engine,
    make_config: Callable[[str], Config],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOGENERATE_CACHE", "off")
    config = make_config("")
    config.attributes["connection"] = connection
    connection.exec_driver_sql("SET LOCAL transaction_read_only = on")
    with pytest.raises(ScratchError):
        command.check(config)
    monkeypatch.setenv("SCRATCH_URL", empty_engine.url.render_as_string(hide_password=False))
    command.check(config)


def test_unreachable_scratch_server_is_told_without_its_password(
    connection: Connection, make_config: Callable[[str], Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = make_config("")
    config.attributes["connection"] = connection
    monkeypatch.setenv("SCRATCH_URL", "postgresql://user:secret@127.0.0.1:1/none")
    with pytest.raises(CommandError, match="Cannot connect") as failure:
        command.check(config)
    assert "secret" not in str(failure.value)


def test_models_that_need_a_real_connection_are_built_one_statement_at_a_time(
    connection: Connection,
) -> None:
    metadata = table()
    seen: list[object] = []

    def ask(_metadata: MetaData, connection: Connection, **_: object) -> None:
        seen.append(connection.exec_driver_sql("SELECT 1").scalar())

    from sqlalchemy import event

    event.listen(metadata, "before_create", ask)
    assert scratch_snapshot(connection, metadata)
    assert seen == [1]
