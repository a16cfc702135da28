"""What PostgreSQL's catalog says about the schema the connection works in.

Each function asks one question about one table, or about all, and gives PostgreSQL's own wording.
Partitions and Alembic's version table are not part of the design and are left out.
"""

from typing import Any

from sqlalchemy import Connection, text

_DESIGN_TABLES = """
    SELECT oid, relname, relkind FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace
      AND relkind IN ('r', 'p', 'f') AND NOT relispartition AND relname <> 'alembic_version'
"""


def rows(connection: Connection, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Run a query and return its rows as plain tuples."""
    return [tuple(row) for row in connection.execute(text(sql), parameters)]


def names(connection: Connection, sql: str, **parameters: Any) -> list[Any]:
    """Run a query of one column and return its values."""
    return [row[0] for row in rows(connection, sql, **parameters)]


def printed(connection: Connection, columns: tuple[str, ...]) -> str:
    """List the columns as PostgreSQL prints them in definitions, in quotes where it wants them."""
    sql = "SELECT string_agg(quote_ident(name), ', ') FROM unnest(CAST(:columns AS text[])) AS name"
    return str(names(connection, sql, columns=list(columns))[0])


def tables(connection: Connection) -> list[str]:
    """Names of all tables."""
    return names(connection, f"SELECT relname FROM ({_DESIGN_TABLES}) design")


def columns(connection: Connection, table: str) -> dict[str, tuple[str, bool, str | None]]:
    """(type, nullable, default) of each column: its place is nobody's business."""
    sql = """
        SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
        WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
    """
    return {name: (*rest,) for name, *rest in rows(connection, sql, table=table)}


def constraints(connection: Connection, table: str, kind: str) -> dict[str, str]:
    """Definitions by name of the constraints of a kind: p, u, f, c or x (as in pg_constraint)."""
    sql = """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = CAST(:table AS regclass) AND contype = :kind
    """
    return dict(rows(connection, sql, table=table, kind=kind))


def foreign_keys(connection: Connection, table: str) -> dict[str, tuple[Any, ...]]:
    """(columns, table and columns referenced, on delete, on update, deferrable, valid) by name."""
    sql = """
        SELECT conname,
               (SELECT array_agg(attname::text ORDER BY place)
                FROM unnest(conkey) WITH ORDINALITY AS k (attnum, place)
                JOIN pg_attribute a ON (a.attrelid, a.attnum) = (conrelid, k.attnum)),
               confrelid::regclass::text,
               (SELECT array_agg(attname::text ORDER BY place)
                FROM unnest(confkey) WITH ORDINALITY AS k (attnum, place)
                JOIN pg_attribute a ON (a.attrelid, a.attnum) = (confrelid, k.attnum)),
               confdeltype, confupdtype, condeferrable, convalidated
        FROM pg_constraint
        WHERE conrelid = CAST(:table AS regclass) AND contype = 'f'
    """
    return {name: tuple(rest) for name, *rest in rows(connection, sql, table=table)}


def secondary_indexes(connection: Connection, table: str) -> dict[str, tuple[Any, ...]]:
    """(columns, method, unique, predicate, valid) by name, those of constraints left out.

    An expression stands as None among the columns.
    """
    sql = """
        SELECT c.relname,
               (SELECT array_agg(attname::text ORDER BY place)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                LEFT JOIN pg_attribute a ON (a.attrelid, a.attnum) = (i.indrelid, k.attnum)),
               (SELECT amname FROM pg_am WHERE oid = c.relam),
               i.indisunique, pg_get_expr(i.indpred, i.indrelid), i.indisvalid
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = CAST(:table AS regclass)
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid
                          AND contype IN ('p', 'u', 'x') AND conrelid = i.indrelid)
    """
    return {name: tuple(rest) for name, *rest in rows(connection, sql, table=table)}


def indexes_that_differ_from_the_usual(connection: Connection) -> list[str]:
    """Indexes with a column DESC or NULLS FIRST, with INCLUDE, or with another operator class."""
    sql = f"""
        SELECT c.relname
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN ({_DESIGN_TABLES}) t ON t.oid = i.indrelid
        WHERE i.indnatts <> i.indnkeyatts
           OR EXISTS (SELECT FROM unnest(i.indoption::int2[]) AS o (flags) WHERE flags <> 0)
           OR EXISTS (SELECT FROM unnest(i.indclass::oid[]) AS k (opclass)
                      JOIN pg_opclass o ON o.oid = k.opclass WHERE NOT o.opcdefault)
    """
    return names(connection, sql)


def indexes_alike(connection: Connection) -> list[tuple[Any, ...]]:
    """Groups of indexes of one table with the same method and the same columns in order."""
    sql = f"""
        SELECT t.relname, array_agg(c.relname::text)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN ({_DESIGN_TABLES}) t ON t.oid = i.indrelid
        GROUP BY t.relname, c.relam, i.indkey::int2[]
        HAVING count(*) > 1
    """
    return rows(connection, sql)


def first_columns_of_full_indexes(connection: Connection, table: str) -> set[str]:
    """Columns that some index without a predicate begins with: those a lookup can use."""
    sql = """
        SELECT attname FROM pg_index
        JOIN pg_attribute ON (attrelid, attnum) = (indrelid, indkey[0])
        WHERE indrelid = CAST(:table AS regclass) AND indpred IS NULL AND indisvalid
    """
    return set(names(connection, sql, table=table))


def triggers(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    """(definition, enabled) of each trigger by table; tables without a trigger are absent."""
    sql = f"""
        SELECT t.relname, pg_get_triggerdef(g.oid, true), g.tgenabled
        FROM pg_trigger g JOIN ({_DESIGN_TABLES}) t ON t.oid = g.tgrelid
        WHERE NOT g.tgisinternal
    """
    by_table: dict[str, list[tuple[str, str]]] = {}
    for table, definition, enabled in rows(connection, sql):
        by_table.setdefault(table, []).append((definition, enabled))
    return by_table


def partition_keys(connection: Connection) -> dict[str, str]:
    """Partition keys by table, as PostgreSQL prints them."""
    sql = f"SELECT relname, pg_get_partkeydef(oid) FROM ({_DESIGN_TABLES}) t WHERE relkind = 'p'"
    return dict(rows(connection, sql))


def default_partitions(connection: Connection) -> dict[str, str]:
    """Names of the DEFAULT partitions by table."""
    sql = f"""
        SELECT t.relname, d.relname
        FROM ({_DESIGN_TABLES}) t JOIN pg_partitioned_table p ON p.partrelid = t.oid
        JOIN pg_class d ON d.oid = p.partdefid
    """
    return dict(rows(connection, sql))


def table_comments(connection: Connection) -> dict[str, str | None]:
    """Comments by table, None where there is none."""
    sql = f"SELECT relname, obj_description(oid, 'pg_class') FROM ({_DESIGN_TABLES}) t"
    return dict(rows(connection, sql))


def column_comments(connection: Connection) -> dict[tuple[str, str], str]:
    """Comments by table and column; columns without a comment are absent."""
    sql = f"""
        SELECT t.relname, a.attname, col_description(t.oid, a.attnum)
        FROM ({_DESIGN_TABLES}) t JOIN pg_attribute a ON a.attrelid = t.oid
        WHERE a.attnum > 0 AND col_description(t.oid, a.attnum) IS NOT NULL
    """
    return {(table, column): comment for table, column, comment in rows(connection, sql)}
