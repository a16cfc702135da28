"""The functions and procedures of the schema, each in a file of ``functions/``.

A file holds CREATE OR REPLACE, REVOKE where not everyone may call it, then COMMENT ON. Bodies name
no schema, as they are also built in a scratch schema; one that calls another finds its own schema
when it runs (docs/decisions/050-partition-routines.md), so the order of creation does not matter.
"""

import re
from pathlib import Path

from sqlalchemy import DDL, MetaData, event

DIRECTORY = Path(__file__).parent / "functions"
# What a role that only watches the database may call.
FOR_MONITORING = ("partition_report",)
_STATEMENT_END = re.compile(r";\n\n(?=(?:REVOKE|COMMENT) )")


def add_routines(metadata: MetaData) -> None:
    """Make ``create_all`` and ``drop_all`` of ``metadata`` create and drop the routines."""
    for path in sorted(DIRECTORY.glob("*.sql")):
        for statement in _STATEMENT_END.split(path.read_text("utf-8").strip()):
            event.listen(metadata, "before_create", _ddl(statement.removesuffix(";")))
        event.listen(metadata, "after_drop", _ddl(f"DROP ROUTINE IF EXISTS {path.stem}"))


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
