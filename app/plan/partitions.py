"""The partitions of the live database, made on the scratch database under the same names.

How many there are decides how many relations a statement locks.
"""

from sqlalchemy import Connection, text

from ..server.parameters import execute_as_is
from ..server.quoting import quote_identifier
from ..server.settings import settings

AT_ONCE = 50

# Bounds print in the session's style, and not every style can be read back.
_STYLE = {"DateStyle": "ISO", "TimeZone": "UTC"}
_PARTITIONS = text("""
SELECT own.nspname, part.relname, outer_schema.nspname, whole.relname,
    pg_get_expr(part.relpartbound, part.oid),
    CASE part.relkind WHEN 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(part.oid) ELSE '' END
FROM pg_class AS root CROSS JOIN pg_partition_tree(root.oid) AS tree
    JOIN pg_class AS part ON part.oid = tree.relid
    JOIN pg_namespace AS own ON own.oid = part.relnamespace
    JOIN pg_class AS whole ON whole.oid = tree.parentrelid
    JOIN pg_namespace AS outer_schema ON outer_schema.oid = whole.relnamespace
WHERE root.relkind = 'p' AND NOT root.relispartition AND level > 0
    AND root.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = :schema)
ORDER BY level, own.nspname, part.relname
""")


def copy_partitions(live: Connection, scratch: Connection, schema: str) -> None:
    """Give the tables of ``scratch`` the partitions that they have in ``live``, and no others."""
    wanted, found = _partitions(live, schema), _partitions(scratch, schema)
    scratch.rollback()
    gone = [name for name in reversed(found) if name not in wanted]
    schemas = sorted({schema for schema, _ in wanted} - {schema})
    statements = [
        *(f"DROP TABLE IF EXISTS {_quote(*name)}" for name in gone),
        *(f"CREATE SCHEMA IF NOT EXISTS {quote_identifier(each)}" for each in schemas),
        *(
            f"CREATE TABLE {_quote(*name)} PARTITION OF {of}"
            for name, of in wanted.items()
            if name not in found
        ),
    ]
    for start in range(0, len(statements), AT_ONCE):
        batch = ";\n".join(statements[start : start + AT_ONCE])
        with scratch.begin(), settings(scratch, _STYLE):
            execute_as_is(scratch, batch)


def _partitions(connection: Connection, schema: str) -> dict[tuple[str, str], str]:
    """Return for each partition its table and its bounds, the outer ones first."""
    with settings(connection, _STYLE):
        rows = connection.execute(_PARTITIONS, {"schema": schema}).all()
    return {
        (own, name): f"{_quote(outer, whole)} {bounds} {key}"
        for own, name, outer, whole, bounds, key in rows
    }


def _quote(schema: str, name: str) -> str:
    return f"{quote_identifier(schema)}.{quote_identifier(name)}"
