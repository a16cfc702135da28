"""Every column of PostgreSQL's catalog is compared, or left out for a reason that is written down.

So a version of PostgreSQL that adds a column is noticed, by the run of these tests on it.
"""

import re

from sqlalchemy import Connection, TextClause

from app.catalog import snapshot
from tests.catalog.left_out import COLUMNS, RELATIONS

ASKED = [
    *snapshot.QUERIES,
    *(each for each in vars(snapshot).values() if isinstance(each, TextClause)),
]
WORDS = set(re.findall(r"\w+", "\n".join(map(str, ASKED))))
READ = set(re.findall(r"\b(?:FROM|JOIN) (pg_\w+)", "\n".join(map(str, ASKED))))
LEFT_OUT = {
    (relation, column)
    for columns in COLUMNS.values()
    for relation, names in columns.items()
    for column in names.split()
}


def catalog_columns(connection: Connection) -> set[tuple[str, str]]:
    found = connection.exec_driver_sql(
        "SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'"
        " AND attnum > 0 AND attname <> 'oid'"
    )
    return {(relation, column) for relation, column in found}


def test_every_relation_is_read_or_left_out_for_a_reason(connection: Connection) -> None:
    relations = {relation for relation, _ in catalog_columns(connection)}
    assert relations - READ == set(RELATIONS)


def test_every_column_is_read_or_left_out_for_a_reason(connection: Connection) -> None:
    columns = {each for each in catalog_columns(connection) if each[0] not in RELATIONS}
    unread = {(relation, column) for relation, column in columns if column not in WORDS}
    assert unread - LEFT_OUT == set()


def test_what_is_said_to_be_left_out_is(connection: Connection) -> None:
    assert {(relation, column) for relation, column in LEFT_OUT if column in WORDS} == set()
    assert {relation for relation, _ in LEFT_OUT} <= READ
    twice = [
        f"{relation}.{column}"
        for columns in COLUMNS.values()
        for relation, names in columns.items()
        for column in names.split()
    ]
    assert len(twice) == len(set(twice))
