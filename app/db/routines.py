"""The functions and procedures of the schema, each in a file of ``functions/``.

A file holds CREATE OR REPLACE, then COMMENT ON. Bodies name no schema, as they are also built in a
scratch schema. One that calls another is in PL/pgSQL, which looks it up when it runs, so the order
of creation does not matter.
"""

from pathlib import Path

from sqlalchemy import DDL, MetaData, event

DIRECTORY = Path(__file__).parent / "functions"
# What a role that only watches the database may call.
FOR_MONITORING = ("partition_report",)


def add_routines(metadata: MetaData) -> None:
    """Make ``create_all`` and ``drop_all`` of ``metadata`` create and drop the routines."""
    for path in sorted(DIRECTORY.glob("*.sql")):
        definition, separator, comment = path.read_text("utf-8").rpartition("\nCOMMENT ON ")
        for statement in (definition, separator + comment):
            event.listen(metadata, "before_create", _ddl(statement.strip().removesuffix(";")))
        event.listen(metadata, "after_drop", _ddl(f"DROP ROUTINE IF EXISTS {path.stem}"))


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
