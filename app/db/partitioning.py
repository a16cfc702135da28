"""Declarative range partitioning (R9): the partition key and the DEFAULT partition.

Partitions by month are the business of the schema's routines (``functions/``), not of the models.
"""

from typing import Any

from sqlalchemy import Connection, Table

DEFAULT_SUFFIX = "_default"


def range_partitioned_by(column: str) -> dict[str, Any]:
    """Return the ``Table`` arguments for PARTITION BY RANGE (``column``) with a DEFAULT partition.

    PostgreSQL wants the partition key in the primary key. With the DEFAULT partition, named
    ``<table>_default`` (R23), no INSERT is ever refused for want of a partition.
    """
    return {
        "postgresql_partition_by": f"RANGE ({column})",
        "listeners": [("after_create", _create_default_partition)],
    }


def _create_default_partition(table: Table, connection: Connection, **_: object) -> None:
    preparer = connection.dialect.identifier_preparer
    schema = f"{preparer.quote_schema(table.schema)}." if table.schema else ""
    default = preparer.quote(table.name + DEFAULT_SUFFIX)
    parent = preparer.format_table(table)
    connection.exec_driver_sql(f"CREATE TABLE {schema}{default} PARTITION OF {parent} DEFAULT")
