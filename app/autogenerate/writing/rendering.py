"""How operations and types look in a script, which needs nothing but Alembic and SQLAlchemy."""

from typing import Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeEngine

from ...compat import render_operation, render_type
from ...revisions.partitioned_index import CreatePartitionedIndexOp
from ..changes.models import database_type
from ..changes.sql import Statement, escape_binds
from .online.pieces import Autocommit, Remark


def render_item(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Render the types that Alembic would render as the application's own; for ``render_item``."""
    if (
        kind == "type"
        and isinstance(item, TypeEngine)
        and (plain := database_type(item)) is not item
    ):
        return render_type(context, plain)
    return False


@renderers.dispatch_for(Statement)
def _render_statement(_context: AutogenContext, op: Statement) -> str:
    lines = escape_binds(op.sqltext).split("\n")
    if len(lines) == 1:
        return f"op.execute({lines[0]!r})"
    ends = ["\n"] * (len(lines) - 1) + [""]
    quoted = (repr(line + end) for line, end in zip(lines, ends, strict=True))
    return "\n".join(("op.execute(", *(f"    {line}" for line in quoted), ")"))


@renderers.dispatch_for(Remark)
def _render_remark(_context: AutogenContext, op: Remark) -> str:
    return f"# {op.text}"


@renderers.dispatch_for(Autocommit)
def _render_autocommit(context: AutogenContext, op: Autocommit) -> str:
    block = (f"    {render_operation(context, each)}" for each in op.operations)
    return "\n".join(("with op.get_context().autocommit_block():", *block))


@renderers.dispatch_for(CreatePartitionedIndexOp)
def _render_partitioned_index(_context: AutogenContext, op: CreatePartitionedIndexOp) -> str:
    arguments = [repr(op.index_name), repr(op.table_name), repr(op.definition)]
    if op.unique:
        arguments.append("unique=True")
    # Registered by environment.py, so the type stubs of Alembic do not know it.
    called = "op.create_partitioned_index(  # type: ignore[attr-defined]"
    return "\n".join((called, *(f"    {argument}," for argument in arguments), ")"))
