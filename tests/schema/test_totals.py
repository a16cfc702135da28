"""The first revision builds what the design documents count: nothing was lost on the way."""

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from tests.schema import catalog
from tests.schema.documents import TABLES
from tests.support.databases import Databases

_TABLES = """
    SELECT oid FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition AND relname <> 'alembic_version'"""
CONSTRAINT = f"FROM pg_constraint WHERE conrelid IN ({_TABLES}) AND contype ="
TOTALS = {
    "tables": (22, f"FROM ({_TABLES}) AS tables"),
    "columns": (
        226,
        f"FROM pg_attribute WHERE attrelid IN ({_TABLES}) AND attnum > 0 AND NOT attisdropped",
    ),
    "foreign keys": (42, f"{CONSTRAINT} 'f' AND conparentid = 0"),
    "checks": (15, f"{CONSTRAINT} 'c'"),
    "unique constraints": (10, f"{CONSTRAINT} 'u'"),
    "secondary indexes": (
        64,
        f"""FROM pg_index WHERE indrelid IN ({_TABLES})
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid
                            AND contype IN ('p', 'u'))""",
    ),
    "triggers": (15, f"FROM pg_trigger WHERE tgrelid IN ({_TABLES}) AND NOT tgisinternal"),
}


@pytest.fixture(scope="module")
def first(databases: Databases, make_config: Callable[[Engine], Config]) -> Iterator[Connection]:
    """A connection to a database at the first revision."""
    with databases.create() as engine:
        command.upgrade(make_config(engine), "0001")
        with engine.connect() as connection:
            yield connection


@pytest.mark.parametrize("what", TOTALS)
def test_first_revision_builds_as_many_as_the_documents_have(first: Connection, what: str) -> None:
    total, source = TOTALS[what]
    assert catalog.names(first, f"SELECT count(*) {source}") == [total]


def test_documents_cascade_updates_of_brand_kits_only() -> None:
    assert {
        (table.name, column.name)
        for table in TABLES
        for column in table.columns
        if column.references and column.references.on_update == "CASCADE"
    } == {("workbenches", "default_brand_kit_id"), ("projects", "brand_kit_id")}
