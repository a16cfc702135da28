"""Chains: revisions that were written together, and fail together.

What must not share a transaction is cut into several revisions. Each of them names its chain, from
the first to the last of it: what a data error stops half-way is taken back by the revisions' own
downgrades, each of which can start where its upgrade, or itself, was stopped.
"""

from alembic.script import Script, ScriptDirectory


def is_in_chain(revision: Script) -> bool:
    """Tell whether ``revision`` names a chain, and so can be downgraded from half-way."""
    return bool(getattr(revision.module, "chain", None))


def down_the_chain(script: ScriptDirectory, revision: Script) -> list[Script]:
    """Return ``revision`` and those of its chain before it, the first of the chain last.

    Empty if the revision names no chain, or names one that does not lead down to its first.
    """
    named = getattr(revision.module, "chain", None)
    found: list[Script] = []
    current: Script | None = revision
    while named and current is not None and getattr(current.module, "chain", None) == named:
        found.append(current)
        if current.revision == named[0]:
            return found
        below = current.down_revision
        current = script.get_revision(below) if isinstance(below, str) else None
    return []
