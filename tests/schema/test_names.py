"""Naming rules (R1, R15, R23), for whatever the schema comes to hold."""

import re

from sqlalchemy import Connection

from tests.schema import catalog
from tests.schema.cases import each_table
from tests.schema.documents.notation import Table

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 63


@each_table
def test_constraints_are_named_after_table_and_column(connection: Connection, table: Table) -> None:
    sql = """
        SELECT conname,
               CASE contype WHEN 'p' THEN 'pk_' || :table
                            ELSE CASE contype WHEN 'f' THEN 'fk_' ELSE 'ck_' END
                                 || :table || '_' || attname END
        FROM pg_constraint LEFT JOIN pg_attribute ON (attrelid, attnum) = (conrelid, conkey[1])
        WHERE conrelid = CAST(:table AS regclass) AND contype IN ('p', 'f', 'c')
    """
    for actual, wanted in catalog.rows(connection, sql, table=table.name):
        assert actual == wanted


def test_names_are_snake_case_and_not_cut_short(connection: Connection) -> None:
    sql = """
        WITH designed AS (
            SELECT oid, relname FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND NOT relispartition
        )
        SELECT relname FROM designed
        UNION SELECT attname FROM pg_attribute JOIN designed ON designed.oid = attrelid
              WHERE attnum > 0 AND NOT attisdropped
        UNION SELECT conname FROM pg_constraint JOIN designed ON designed.oid = conrelid
    """
    names = catalog.names(connection, sql)
    assert [name for name in names if not SNAKE_CASE.fullmatch(name)] == []
    assert [name for name in names if len(name) >= LONGEST_NAME] == []
