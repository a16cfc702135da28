"""A column that is another than the documents' is told with its table and the file to edit."""

import re

import pytest
from sqlalchemy import Connection, text

from tests.schema.documents import BY_NAME
from tests.schema.mismatches import mismatched_columns, mismatched_tables
from tests.support.databases import ROOT

TEMPLATES = BY_NAME["templates"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP COLUMN preview_url", ["has no templates.preview_url: take it out here"]),
        ("ADD uses integer", ["has templates.uses, integer: write it down here"]),
        (
            "ALTER preview_url TYPE text",
            ["templates.preview_url is text NOT NULL in the database, here character varying"],
        ),
        (
            "RENAME preview_url TO preview",
            ["has templates.preview, character", "has no templates.preview_url: take it out"],
        ),
    ],
)
def test_column_is_told_with_its_table_and_the_line_to_edit(
    connection: Connection, change: str, told: list[str]
) -> None:
    connection.execute(text(f"ALTER TABLE templates {change}"))
    found = list(mismatched_columns(connection, TEMPLATES))
    assert len(found) == len(told)
    for sentence, expected in zip(found, told, strict=True):
        file, line, said = sentence.split(":", 2)
        assert expected in said
        written = (ROOT / file).read_text().splitlines()[int(line) - 1]
        assert re.search('"preview_url"|= Table', written)


def test_table_is_told_with_the_file_or_the_directory(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE templates RENAME TO patterns"))
    new, old = mismatched_tables(connection)
    assert new.startswith("tests/schema/documents: the database has patterns: ")
    assert re.match(r"tests/schema/documents/studio\.py:\d+: the database has no templates: ", old)
