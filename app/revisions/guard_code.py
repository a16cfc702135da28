"""How a guard stands in a revision."""

from .guards import GuardOp


def code(op: GuardOp) -> str:
    """Return the call of ``op.guard``, ready to paste."""
    named = {"misfits": op.misfits, "find": op.find, "fix": op.fix}
    if op.count != "count(*)":
        named["count"] = op.count
    if op.tried is not None:
        named |= {"tried": op.tried, "into": op.into, "table": op.table, "key": op.key}
    arguments = [repr(op.rule), *(f"{name}={value!r}" for name, value in named.items())]
    # Registered by environment.py, so the type stubs of Alembic do not know it.
    called = "op.guard(  # type: ignore[attr-defined]"
    return "\n".join((called, *(f"    {argument}," for argument in arguments), ")"))
