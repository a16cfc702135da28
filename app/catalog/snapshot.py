"""The catalog snapshot: every object of one schema, with its definition as PostgreSQL prints it.

PostgreSQL canonicalizes both sides of a comparison; nothing here parses or normalizes SQL. Each
module beside this one holds the query for one kind of object.

Left out: objects that an extension owns, partitions (the business of maintenance; a DEFAULT
partition is an attribute of its parent), ``alembic_version``, the order of columns, owners and
privileges, and what is data rather than definition (rows, statistics, the value of a sequence).
``tests/catalog/left_out.py`` tells it of each column of PostgreSQL's catalog.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, TextClause, text

from ..server.settings import settings
from .definitions import Objects
from .identity import Identity
from .queries import (
    aggregates,
    columns,
    constraints,
    functions,
    indexes,
    operators,
    policies,
    sequences,
    statistics,
    tables,
    texts,
    triggers,
    types,
    views,
)

_ALWAYS = (tables, columns, constraints, indexes, triggers, functions, sequences, views, types)
# Planning these takes a fifth of the time, mostly for nothing.
_SELDOM = (aggregates, policies, statistics, operators, texts)
QUERIES = tuple(text(module.QUERY) for module in (*_ALWAYS, *_SELDOM))
VERSION_TABLE = "alembic_version"

# Partitions go first: with thousands of them, what follows costs no more than with none.
_RELATIONS = text("""
SELECT relation.oid FROM pg_class AS relation
WHERE relnamespace = :namespace AND NOT relispartition
      AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND relpersistence <> 't'
      AND relname IS DISTINCT FROM :version_table
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
                      AND objid = relation.oid
                      AND (deptype = 'e' OR deptype = 'i' AND relkind = 'S'))
""")
_NAMESPACE = text("SELECT oid FROM pg_namespace WHERE nspname = :schema")
# Objects of extensions print without a schema from every schema, so that copies compare equal.
_SEARCH_PATH = text("""
SELECT concat_ws(', ', quote_ident(:schema), (
    SELECT string_agg(DISTINCT quote_ident(nspname), ', ')
    FROM pg_extension JOIN pg_namespace AS namespace ON namespace.oid = extnamespace
    WHERE nspname NOT IN ('pg_catalog', :schema)))
""")


def _any_made(keys: Iterable[str]) -> str:
    """Return a condition: one of the catalogs of ``keys`` holds more than PostgreSQL's own."""
    # PostgreSQL keeps the oids below for itself.
    made = (f"SELECT FROM {key.partition('.')[0]} WHERE {key} >= 16384" for key in keys)
    return f"EXISTS ({' UNION ALL '.join(made)})"


_WHICH = text("SELECT " + ", ".join(_any_made(module.KEYS) for module in _SELDOM))

Snapshot = Mapping[Identity, str]
"""An immutable mapping from the identity of each object to its definition."""


def snapshot(
    connection: Connection, schema: str, version_table: str | None = VERSION_TABLE
) -> Snapshot:
    """Return the objects of ``schema`` and their definitions, as PostgreSQL prints them.

    The same objects in two schemas give equal snapshots, whatever the session's search_path,
    which is left as it was. Takes one query per kind of object, however many partitions there
    are. A schema that does not exist is an empty one. ``version_table`` is Alembic's own, and left
    out.
    """
    found: dict[Identity, str] = {}
    with search_path(connection, schema):
        parameters = parameters_of(connection, schema, version_table)
        for query in _queries(connection):
            for kind, table, name, definition, comment in connection.execute(query, parameters):
                found[Identity(kind, table, name)] = definition
                if comment is not None:
                    found[Identity(f"{kind} comment", table, name)] = comment
    return Objects(found)


def _queries(connection: Connection) -> list[TextClause]:
    """Return the queries that may find something."""
    there = (True,) * len(_ALWAYS) + tuple(connection.execute(_WHICH).one())
    return [query for query, is_there in zip(QUERIES, there, strict=True) if is_there]


def parameters_of(
    connection: Connection, schema: str, version_table: str | None = VERSION_TABLE
) -> dict[str, Any]:
    """Return what the queries are asked with: the schema's oid and those of its relations."""
    namespace = connection.execute(_NAMESPACE, {"schema": schema}).scalar()
    relations = connection.execute(
        _RELATIONS, {"namespace": namespace, "version_table": version_table}
    )
    return {"namespace": namespace, "relations": list(relations.scalars())}


@contextmanager
def search_path(connection: Connection, schema: str) -> Iterator[None]:
    """Work in ``schema`` for a while; objects of extensions are visible too."""
    path: str = connection.execute(_SEARCH_PATH, {"schema": schema}).scalar_one()
    with settings(connection, {"search_path": path}):
        yield
