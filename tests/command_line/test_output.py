"""Text and Markdown for people, JSON for programs."""

import json
from datetime import UTC, date, datetime

import pytest

from app.command_line.output import as_json, as_list, as_table, in_order

HEADER = ("table", "rows")
ROWS = [("users", 12), ("a|b\nc", None)]


def test_text_table_is_aligned_without_trailing_blanks() -> None:
    assert as_table("text", HEADER, [("users", 12), ("teams", 3)]) == (
        "table  rows\nusers  12\nteams  3"
    )


def test_markdown_table_escapes_what_would_end_a_cell() -> None:
    assert as_table("markdown", HEADER, ROWS).splitlines() == [
        "| table | rows |",
        "| --- | --- |",
        "| users | 12 |",
        "| a\\|b c | None |",
    ]


def test_table_without_rows_is_its_header() -> None:
    assert as_table("text", HEADER, []) == "table  rows"
    assert as_table("markdown", HEADER, []) == "| table | rows |\n| --- | --- |"


def test_parts_of_markdown_are_paragraphs_and_empty_ones_are_left_out() -> None:
    assert in_order("markdown", "| table |", "", as_list("markdown", ["one", "two"])) == (
        "| table |\n\n- one\n- two"
    )
    assert in_order("text", "table", "", as_list("text", ["one", "two"])) == "table\none\ntwo"


def test_json_has_numbers_and_iso_dates() -> None:
    found = {"size": 8192, "day": date(2026, 11, 25), "at": datetime(2026, 11, 25, tzinfo=UTC)}
    assert json.loads(as_json(found)) == {
        "size": 8192,
        "day": "2026-11-25",
        "at": "2026-11-25T00:00:00+00:00",
    }
    with pytest.raises(TypeError, match="nothing that JSON can say"):
        as_json({"what": object()})
