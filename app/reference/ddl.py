"""``ddl/``: the schema as SQL that a DBA reads, and that psql runs (SDS 7)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import CheckConstraint, Constraint, PrimaryKeyConstraint
from sqlalchemy.schema import CreateIndex, SetColumnComment, SetTableComment

from ..models import Base
from ..server.recording import record
from ..server.version import REFUSE_OLDER
from .files import COMMAND, TextFile
from .schema import (
    DIALECT,
    Model,
    compiler,
    default_of,
    foreign_key_constraints,
    models,
    type_of,
)

DIRECTORY = Path("ddl")
_INDENT = "    "
_ROUTINE = re.compile(r"\b(FUNCTION|PROCEDURE) (\w+)\(")


def ddl_files() -> list[TextFile]:
    """Return the files of ``ddl/``, ``schema.sql`` first."""
    routines = list(_routines())
    tables = [_table_file(number, model) for number, model in enumerate(models(), start=1)]
    foreign_keys = _foreign_key_file()
    parts = [*routines, *tables, foreign_keys]
    return [_schema_file(parts), *parts]


def _schema_file(parts: list[TextFile]) -> TextFile:
    includes = "\n".join(f"\\ir {part.path.relative_to(DIRECTORY)}" for part in parts)
    text = f"""\
{_header("The whole schema, in the first schema of the search_path, which must be empty.")}
-- psql -f ddl/schema.sql
-- Then let migrations carry on from there: alembic stamp head

\\set ON_ERROR_STOP on

BEGIN;

DO $guard$
BEGIN
{REFUSE_OLDER}
END
$guard$;

{includes}

COMMIT;
"""
    return TextFile(DIRECTORY / "schema.sql", text)


def _routines() -> Iterator[TextFile]:
    routines: dict[tuple[str, str], list[str]] = {}
    for statement in record(Base.metadata.create_all, DIALECT, tables=[]):
        found = _ROUTINE.search(statement.sql)
        if found is None:
            raise ValueError(f"no place in ddl/ for: {statement.sql}")
        routines.setdefault((found[1].lower(), found[2]), []).append(statement.sql.strip())
    for (kind, name), statements in routines.items():
        yield _file(f"functions/{name}.sql", f"The {kind} {name}().", statements)


def _table_file(number: int, model: Model) -> TextFile:
    made = record(model.table.create, DIALECT)
    triggers = [statement.sql.strip() for statement in made if statement.by_handler]
    indexes = [_sql(CreateIndex(index)) for index in model.indexes]
    paragraphs = [_create_table(model), "\n".join(f"{index};" for index in indexes), *triggers]
    paragraphs.append("\n".join(_comments(model)))
    purpose = f"{model.comment}\n-- Model: {', '.join(filter(None, (model.module, model.source)))}"
    return _file(f"tables/{number:03}_create_{model.name}.sql", purpose, paragraphs)


def _create_table(model: Model) -> str:
    name_width = max(len(column.name) for column in model.columns)
    type_width = max(len(type_of(column)) for column in model.columns)
    lines = []
    for column in model.columns:
        default = default_of(column)
        rest = ["NOT NULL"] if not column.nullable else []
        rest += [f"DEFAULT {default}"] if default else []
        cells = (column.name.ljust(name_width), type_of(column).ljust(type_width), " ".join(rest))
        lines.append("  ".join(cells).rstrip())
    write = compiler(model.table)
    lines += [write.process(constraint) for constraint in _own_constraints(model)]
    body = ",\n".join(_INDENT + line for line in lines)
    partitioned = f" PARTITION BY {model.partition_key}" if model.partition_key else ""
    return f"CREATE TABLE {model.name} (\n{body}\n){partitioned};"


def _own_constraints(model: Model) -> list[Constraint]:
    """Return the constraints that concern no other table: primary key, unique rules, CHECKs."""
    constraints = model.table.constraints
    checks = [c for c in constraints if isinstance(c, CheckConstraint)]
    primary_key = [c for c in constraints if isinstance(c, PrimaryKeyConstraint)]
    in_column_order = sorted(checks, key=lambda c: _position(model, str(c.name)))
    return [*primary_key, *model.unique_constraints, *in_column_order]


def _position(model: Model, name: str) -> int:
    column = name.removeprefix(f"ck_{model.name}_")
    names = [column.name for column in model.columns]
    return names.index(column) if column in names else len(names)


def _comments(model: Model) -> Iterator[str]:
    if model.table.comment:
        yield _comment(_sql(SetTableComment(model.table)))
    for column in model.columns:
        if column.comment:
            yield _comment(_sql(SetColumnComment(column)))


def _comment(statement: str) -> str:
    return statement.replace(" IS ", f" IS\n{_INDENT}", 1) + ";"


def _foreign_key_file() -> TextFile:
    statements = []
    for model in models():
        write = compiler(model.table)
        keys = (write.process(key) for key in foreign_key_constraints(model))
        added = [f"{_INDENT}ADD {key.replace('KEY(', 'KEY (')}" for key in keys]
        if added:
            statements.append(f"ALTER TABLE {model.name}\n" + ",\n".join(added))
    purpose = "The foreign keys, added once all tables exist: some refer to each other."
    return _file("constraints/foreign_keys.sql", purpose, statements)


def _file(path: str, purpose: str, paragraphs: list[str]) -> TextFile:
    ended = (text if text.endswith(";") else f"{text};" for text in paragraphs if text)
    return TextFile(DIRECTORY / path, "\n\n".join([_header(purpose), *ended]) + "\n")


def _header(purpose: str) -> str:
    return f"-- {purpose}\n-- Generated from the models, do not edit: {COMMAND}"


def _sql(element: Any) -> str:
    return str(element.compile(dialect=DIALECT)).strip()
