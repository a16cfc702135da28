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
    return "\n".join(("op.guard(", *(f"    {argument}," for argument in arguments), ")"))
