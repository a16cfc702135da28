"""Whether rows can break a CHECK at all, as PostgreSQL's planner proves it.

A query for the rows that break a condition needs no table where the constraints that the table has
already rule them all out. The planner says so without reading a row: an ``IN`` list that only
gained a value, a bound that only moved outwards.
"""

from sqlalchemy import Connection, exc

from .identity import Identity
from .misfits.planner import explain, gives_nothing
from .snapshot import Snapshot, search_path

_CHECK = "CHECK "
# What PostgreSQL prints behind the condition, the last first.
_OPTIONS = (" NOT ENFORCED", " NOT VALID", " NO INHERIT")
_ALL = "SELECT FROM {table}"
_BREAKING = _ALL + " WHERE NOT {condition}"


def unbreakable(
    connection: Connection, schema: str, checks: Snapshot, there: Snapshot
) -> frozenset[Identity]:
    """Return those of ``checks`` that no row of ``schema`` can break, whatever rows it has.

    ``checks`` are CHECK constraints, ``there`` is the snapshot of ``schema``. What PostgreSQL
    cannot prove, or the role may not ask, is left out.
    """
    proved = set()
    with search_path(connection, schema):
        for identity, definition in checks.items():
            table = identity.table or ""
            if Identity("table", None, table) in there and _proves(connection, table, definition):
                proved.add(identity)
    return frozenset(proved)


def _proves(connection: Connection, table: str, definition: str) -> bool:
    condition = definition.removeprefix(_CHECK)
    for option in _OPTIONS:
        condition = condition.removesuffix(option)
    quoted = connection.dialect.identifier_preparer.quote(table)
    savepoint = connection.begin_nested()
    try:
        connection.exec_driver_sql("SET LOCAL constraint_exclusion = on")
        # A partitioned table without partitions needs no table to be read, whatever the condition.
        return not _needs_no_table(connection, _ALL.format(table=quoted)) and _needs_no_table(
            connection, _BREAKING.format(table=quoted, condition=condition)
        )
    except exc.DBAPIError:
        # A condition on a column that is not there yet, say.
        return False
    finally:
        savepoint.rollback()


def _needs_no_table(connection: Connection, query: str) -> bool:
    return gives_nothing(explain(connection, query))
