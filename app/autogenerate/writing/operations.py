"""The operations that autogenerate writes besides Alembic's own, and how they look in a script."""

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations import ops
from alembic.util import CommandError

from ...revisions.partitioned_index import CreatePartitionedIndexOp
from ..changes.sql import escape_binds


class Statement(ops.ExecuteSQLOp):
    """One SQL statement; rendered line by line, so that function bodies keep their layout."""

    sqltext: str


class Remark(ops.MigrateOperation):
    """A comment on the operation that follows."""

    def __init__(self, text: str) -> None:
        self.text = text


class Autocommit(ops.MigrateOperation):
    """Operations outside any transaction."""

    def __init__(self, operations: Sequence[ops.MigrateOperation]) -> None:
        self.operations = list(operations)


class Reversible(ops.MigrateOperation):
    """Operations with the operations that undo them: built from what the database held before."""

    def __init__(
        self, forward: Sequence[ops.MigrateOperation], backward: Sequence[ops.MigrateOperation]
    ) -> None:
        self.forward = list(forward)
        self.backward = list(backward)

    def reverse(self) -> "Reversible":
        """Return the way back."""
        return Reversible(self.backward, self.forward)


class Refused(ops.MigrateOperation):
    """A difference that no operation can mend; writing a script for it fails."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation

    def reverse(self) -> "Refused":
        """Return itself: there is nothing to undo."""
        return self

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return the explanation, for callers of Alembic's comparison."""
        return ("refused", self.explanation)


def statements(sql: Sequence[str]) -> list[ops.MigrateOperation]:
    """Return each of ``sql`` as an operation."""
    return [Statement(each) for each in sql]


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
def _render_autocommit(context: AutogenContext, op: Autocommit) -> list[str | None]:
    # Alembic's printer indents what follows the colon, up to None.
    lines = [line for each in op.operations for line in _lines(context, each)]
    return ["with op.get_context().autocommit_block():", *lines, None]


@renderers.dispatch_for(CreatePartitionedIndexOp)
def _render_partitioned_index(_context: AutogenContext, op: CreatePartitionedIndexOp) -> str:
    arguments = [repr(op.index_name), repr(op.table_name), repr(op.definition)]
    if op.unique:
        arguments.append("unique=True")
    # Registered by env.py, so the type stubs of Alembic do not know it.
    called = "op.create_partitioned_index(  # type: ignore[attr-defined]"
    return "\n".join((called, *(f"    {argument}," for argument in arguments), ")"))


@renderers.dispatch_for(Reversible)
def _render_reversible(context: AutogenContext, op: Reversible) -> list[str]:
    return [line for each in op.forward for line in _lines(context, each)]


@renderers.dispatch_for(Refused)
def _render_refused(_context: AutogenContext, op: Refused) -> str:
    raise CommandError(f"{op.explanation}\nNo revision was written.")


def _lines(context: AutogenContext, op: ops.MigrateOperation) -> list[str]:
    rendered = renderers.dispatch(op)(context, op)
    return [rendered] if isinstance(rendered, str) else list(rendered)
