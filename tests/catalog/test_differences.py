"""What differs, in the order and in the words that it is told in."""

from app.catalog.differences import compare, describe
from app.catalog.identity import Identity
from app.catalog.snapshot import Snapshot

FOUND: Snapshot = {
    Identity("table", None, "users"): "",
    Identity("column", "users", "note"): "text",
    Identity("index", "users", "by_note"): "btree (note)",
    Identity("index comment", "users", "by_note"): "for the search",
    Identity("function", None, "f()"): "RETURNS integer\nAS 1",
    Identity("table", None, "logs"): "PARTITION BY RANGE (at)",
    Identity("column", "logs", "z"): "integer",
    Identity("not null", "logs", "z"): "NOT NULL",
    Identity("column", "logs", "a"): "text",
    Identity("trigger", "users", "t"): "BEFORE UPDATE",
}
EXPECTED: Snapshot = {
    Identity("table", None, "users"): "",
    Identity("column", "users", "note"): "varchar(9)",
    Identity("trigger state", "users", "t"): "DISABLE",
    Identity("trigger", "users", "t"): "BEFORE UPDATE",
    Identity("function", None, "f()"): "RETURNS integer\nAS 2",
    Identity("table", None, "brands"): "",
    Identity("column", "brands", "name"): "text",
    Identity("not null", "brands", "name"): "NOT NULL",
    Identity("default", "brands", "name"): "'x'::text",
    Identity("column", "brands", "id"): "integer",
    Identity("column", "users", "age"): "integer",
    Identity("not null", "users", "age"): "NOT NULL",
}
TOLD = """\
missing table brands
    models:    (name text DEFAULT 'x'::text NOT NULL, id integer)
changed function f()
    database: RETURNS integer
    AS 1
    models:   RETURNS integer
    AS 2
unexpected table logs
    database: PARTITION BY RANGE (at) (z integer NOT NULL, a text)
changed column users.note
    database: text
    models:   varchar(9)
missing column users.age
    models:   integer NOT NULL
unexpected index users.by_note
    database: btree (note)
missing trigger state users.t
    models:   DISABLE"""


def test_differences_are_told_table_by_table_each_with_its_parts() -> None:
    assert describe(compare(EXPECTED, FOUND)) == TOLD


def test_definitions_of_both_sides_stand_below_each_other() -> None:
    before, after = ({Identity("function", None, "f()"): body} for body in ("AS 1", "AS 2"))
    told = "changed function f()\n    after:  AS 2\n    before: AS 1"
    assert describe(compare(before, after), expected="before", found="after") == told


def test_equal_sides_differ_in_nothing() -> None:
    assert compare(FOUND, dict(FOUND)) == []
