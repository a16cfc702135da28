"""Each index serves the query it exists for, and partitions are pruned (SDS sections 9 and 11)."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.schema import bulk, catalog
from tests.schema.cases import each_partitioned_table
from tests.schema.documents import TABLES
from tests.schema.documents.notation import Table
from tests.schema.documents.queries import QUERIES
from tests.schema.documents.queries.notation import Query
from tests.support.databases import Databases

SOME_ROW = "7"
IDS = {
    "user_id": "users",
    "team_id": "teams",
    "brand_kit_id": "brand_kits",
    "workbench_id": "workbenches",
    "project_id": "projects",
    "template_id": "templates",
    "asset_id": "assets",
    "generation_request_id": "generation_requests",
    "api_client_id": "api_clients",
    "ai_model_id": "ai_models",
    "ai_model_version_id": "ai_model_versions",
    "ai_model_validation_result_id": "ai_model_validation_results",
}
"""The tables of which a query's parameters are ids."""


@pytest.fixture(scope="module")
def filled(databases: Databases, template: str, as_documented: None) -> Iterator[Connection]:
    """A database of the module's own with thousands of rows in every table."""
    with databases.create(template) as engine:
        with engine.begin() as connection:
            bulk.fill(connection)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            yield connection


def test_each_index_has_a_query() -> None:
    documented = [index.name for table in TABLES for index in table.indexes]
    documented += [unique.name for table in TABLES for unique in table.uniques]
    assert sorted(query.index for query in QUERIES) == sorted(documented)


@pytest.mark.parametrize("query", QUERIES, ids=[query.index for query in QUERIES])
def test_query_uses_its_index(filled: Connection, query: Query) -> None:
    assert query.index in _indexes_used(filled, _plan(filled, query.sql)), query.purpose


@each_partitioned_table
@pytest.mark.parametrize(
    ("since", "until", "partitions"),
    [
        ("2071-02-01", "2071-03-01", ["p20710201"]),
        ("2071-01-15", "2071-02-15", ["p20710101", "p20710201"]),
        ("2071-04-01", "2071-05-01", ["default"]),
    ],
    ids=["one-month", "two-months", "no-month"],
)
def test_query_of_a_period_reads_its_partitions_only(
    filled: Connection, table: Table, since: str, until: str, partitions: list[str]
) -> None:
    key = table.partitioned_by
    plan = _plan(
        filled,
        f"SELECT * FROM {table.name}"
        f" WHERE {key} >= '{since} 00:00+00' AND {key} < '{until} 00:00+00'",
    )
    read = {node["Relation Name"] for node in plan if "Relation Name" in node}
    assert read == {f"{table.name}_{partition}" for partition in partitions}


def _plan(connection: Connection, sql: str) -> list[dict[str, Any]]:
    """The nodes of the plan PostgreSQL makes for the query."""
    parameters = {
        name: catalog.names(connection, f"SELECT {bulk.identifier(table, SOME_ROW)}")[0]
        for name, table in IDS.items()
        if f":{name}" in sql
    }
    explained = connection.execute(text(f"EXPLAIN (FORMAT JSON) {sql}"), parameters)
    return list(_nodes(explained.scalar_one()[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _indexes_used(connection: Connection, plan: list[dict[str, Any]]) -> set[str]:
    """Names of the indexes in the plan; those of partitions count as the parent's."""
    used = [node["Index Name"] for node in plan if "Index Name" in node]
    used += [name for node in plan for name in node.get("Conflict Arbiter Indexes", [])]
    sql = """
        SELECT CAST(coalesce(pg_partition_root(index), index) AS text)
        FROM unnest(CAST(CAST(:used AS text[]) AS regclass[])) AS index
    """
    return set(catalog.names(connection, sql, used=used))
