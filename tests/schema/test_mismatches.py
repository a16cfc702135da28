"""A column that is another than the documents' is told with its table and the file to edit."""

import re

import pytest
from sqlalchemy import Connection, text

from tests.schema.documents import TABLES
from tests.schema.mismatches import mismatched_columns, mismatched_tables
from tests.support.databases import ROOT

# Whatever there is: this is about no table of the schema.
TABLE, COLUMN = next((table, each) for table in TABLES for each in table.columns if each.length)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP COLUMN {name}", ["has no {table}.{name}: take it out here"]),
        ("ADD uses integer", ["has {table}.uses, integer: write it down here"]),
        (
            "ALTER {name} TYPE text",
            ["{table}.{name} is text NOT NULL in the database, here character varying"],
        ),
        (
            "RENAME {name} TO zeta",
            ["has no {table}.{name}: take it out", "has {table}.zeta, character"],
        ),
    ],
)
def test_column_is_told_with_its_table_and_the_line_to_edit(
    connection: Connection, change: str, told: list[str]
) -> None:
    names = {"table": TABLE.name, "name": COLUMN.name}
    connection.execute(text(f"ALTER TABLE {TABLE.name} {change.format(**names)}"))
    found = list(mismatched_columns(connection, TABLE))
    assert len(found) == len(told)
    for sentence, expected in zip(found, told, strict=True):
        file, line, said = sentence.split(":", 2)
        assert expected.format(**names) in said
        written = (ROOT / file).read_text().splitlines()[int(line) - 1]
        assert re.search(f'"{COLUMN.name}"|= Table', written)


def test_table_is_told_with_the_file_or_the_directory(connection: Connection) -> None:
    connection.execute(text(f"ALTER TABLE {TABLE.name} RENAME TO a_table"))
    new, old = mismatched_tables(connection)
    assert new.startswith("tests/schema/documents: the database has a_table: ")
    where = rf"tests/schema/documents/\w+\.py:\d+: the database has no {TABLE.name}: "
    assert re.match(where, old)
