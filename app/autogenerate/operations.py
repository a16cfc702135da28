"""The operations that autogenerate writes besides Alembic's own, and how they look in a script."""

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations import ops
from alembic.util import CommandError

from app.autogenerate.sql import escape_binds


class Statement(ops.ExecuteSQLOp):
    """One SQL statement; rendered line by line, so that function bodies keep their layout."""

    sqltext: str


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


@renderers.dispatch_for(Reversible)
def _render_reversible(context: AutogenContext, op: Reversible) -> list[str]:
    return [line for each in op.forward for line in _lines(context, each)]


@renderers.dispatch_for(Refused)
def _render_refused(_context: AutogenContext, op: Refused) -> str:
    raise CommandError(f"{op.explanation}\nNo revision was written.")


def _lines(context: AutogenContext, op: ops.MigrateOperation) -> list[str]:
    rendered = renderers.dispatch(op)(context, op)
    return [rendered] if isinstance(rendered, str) else list(rendered)
