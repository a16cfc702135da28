"""How operations and types look in a script, which needs nothing but Alembic and SQLAlchemy."""

from collections.abc import Sequence

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext

from ...compat import render_operation
from ...revisions.guard_code import code
from ...revisions.guards import GuardOp
from ...revisions.partitioned_constraint import (
    BuildPartitionedConstraintOp,
    ClearPartitionedConstraintOp,
    ClearPartitionedIndexOp,
    PutPartitionedConstraintOp,
)
from ...revisions.partitioned_index import CreatePartitionedIndexOp
from ..changes.sql import Statement, escape_binds
from .online.pieces import Autocommit, Remark


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


@renderers.dispatch_for(GuardOp)
def _render_guard(_context: AutogenContext, op: GuardOp) -> str:
    return code(op)


@renderers.dispatch_for(Autocommit)
def _render_autocommit(context: AutogenContext, op: Autocommit) -> str:
    block = (f"    {render_operation(context, each)}" for each in op.operations)
    return "\n".join(("with op.get_context().autocommit_block():", *block))


@renderers.dispatch_for(CreatePartitionedIndexOp)
def _render_partitioned_index(_context: AutogenContext, op: CreatePartitionedIndexOp) -> str:
    arguments = [op.index_name, op.table_name, op.definition]
    return _call("create_partitioned_index", arguments, "unique=True" if op.unique else "")


@renderers.dispatch_for(ClearPartitionedIndexOp)
def _render_clear_index(_context: AutogenContext, op: ClearPartitionedIndexOp) -> str:
    return _call("clear_partitioned_index", [op.name, op.table_name])


@renderers.dispatch_for(BuildPartitionedConstraintOp)
def _render_build(_context: AutogenContext, op: BuildPartitionedConstraintOp) -> str:
    return _call("build_partitioned_constraint", [op.name, op.table_name, op.definition])


@renderers.dispatch_for(PutPartitionedConstraintOp)
def _render_put(_context: AutogenContext, op: PutPartitionedConstraintOp) -> str:
    return _call("put_partitioned_constraint", [op.name, op.table_name, op.definition])


@renderers.dispatch_for(ClearPartitionedConstraintOp)
def _render_clear(_context: AutogenContext, op: ClearPartitionedConstraintOp) -> str:
    return _call("clear_partitioned_constraint", [op.name, op.table_name, op.definition])


def _call(operation: str, arguments: Sequence[str], keyword: str = "") -> str:
    given = [*map(repr, arguments), *([keyword] if keyword else [])]
    return "\n".join((f"op.{operation}(", *(f"    {argument}," for argument in given), ")"))
