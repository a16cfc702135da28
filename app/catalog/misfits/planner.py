"""What PostgreSQL's planner says of a query without running it."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from ...server.parameters import execute_as_is


def explain(connection: Connection, query: str) -> dict[str, Any]:
    """Return the plan of ``query``."""
    explained = execute_as_is(connection, f"EXPLAIN (FORMAT JSON) {query}").scalar_one()
    plan: dict[str, Any] = (json.loads(explained) if isinstance(explained, str) else explained)[0]
    return plan["Plan"]  # type: ignore[no-any-return]


def gives_nothing(plan: dict[str, Any]) -> bool:
    """Tell whether no row needs to be read, for the constraints that are there rule all out."""
    return bool(plan.get("One-Time Filter") == "false")


def is_served(plan: dict[str, Any]) -> bool:
    """Tell whether no table is read once for each row of another."""
    return not any(
        _reads_all(node["Plans"][1]) for node in _nodes(plan) if node["Node Type"] == "Nested Loop"
    )


def _reads_all(plan: dict[str, Any]) -> bool:
    return any(node["Node Type"] == "Seq Scan" for node in _nodes(plan))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)
