"""SQL put together from definitions that PostgreSQL printed, and the operation that runs it."""

import re
from collections.abc import Sequence
from hashlib import sha256

from alembic.operations import ops
from sqlalchemy.dialects import postgresql

NAME_LENGTH = 63  # bytes
# What SQLAlchemy's text() takes for a bound parameter, or for the escaped colon of none.
_BIND = re.compile(r"(?<![:\w$\\]):[\w$]+(?![:\w$])|(?<=\\):[\w$]*(?![:\w$])")
# With parameters as in format strings, every % in a name would be doubled.
_DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_PREPARER = _DIALECT.identifier_preparer

# Keywords that name columns and tables, but begin something else in an expression.
_SPOKEN = frozenset(
    """
    between bigint bit boolean char character coalesce dec decimal exists extract float
    greatest grouping inout int integer interval json json_array json_arrayagg json_exists
    json_object json_objectagg json_query json_scalar json_serialize json_table json_value
    least merge_action national nchar none normalize nullif numeric out overlay position
    precision real row setof smallint substring time timestamp treat trim values varchar
    xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi
    xmlroot xmlserialize xmltable
    """.split()  # noqa: SIM905 forty words read better so
)


class Statement(ops.ExecuteSQLOp):
    """One SQL statement; rendered line by line, so that function bodies keep their layout."""

    sqltext: str


def statements(sql: Sequence[str]) -> list[ops.MigrateOperation]:
    """Return each of ``sql`` as an operation."""
    return [Statement(each) for each in sql]


def shorten(name: str) -> str:
    """Return ``name`` if PostgreSQL takes it, else its beginning and a digest of it all."""
    if len(name.encode()) <= NAME_LENGTH:
        return name
    return with_digest(name, name)


def with_digest(name: str, text: str) -> str:
    """Return ``name``, shortened if need be, with a digest of ``text`` behind it."""
    digest = sha256(text.encode()).hexdigest()[:8]
    return f"{name.encode()[: NAME_LENGTH - 9].decode(errors='ignore')}_{digest}"


def quote(name: str) -> str:
    """Return ``name`` as an SQL identifier, in quotes only if it needs them."""
    return _PREPARER.quote_identifier(name) if name in _SPOKEN else _PREPARER.quote(name)


def needs_escape(sql: str) -> bool:
    """Return whether ``sql`` would not reach PostgreSQL as it is in an operation of Alembic's.

    SQLAlchemy's ``text()`` takes a colon for a parameter, and Alembic writes each % twice.
    """
    return "%" in sql or _BIND.search(sql) is not None


def escape_binds(sql: str) -> str:
    """Return ``sql`` as ``text()`` must be given it, so that every colon reaches PostgreSQL."""
    return _BIND.sub(r"\\\g<0>", sql)
