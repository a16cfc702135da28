"""What a chain of revisions did is taken back when rows stop it half-way.

Rows may come in between their counting and the validation. A rule that was added but could not be
validated would refuse every change of such a row, and an index that could not be built would cost
each write: so the chain's own downgrades run, down to where it began. A note on the database, made
before they begin, lets the next upgrade go on with them if they are stopped.

What rows stop on the way down is done again by the chain's upgrades, up to where the run began.
Each of them clears what its downgrade left; stopped themselves, they are the next upgrade's.
"""

from collections.abc import Sequence

from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy.exc import DBAPIError

from ..compat import MigrationStep, RevisionStep, count_as, downgrade_step, upgrade_step
from ..revisions.chains import down_the_chain, is_in_chain
from ..server.errors import one_line, sqlstate
from .pending import name
from .unfinished import DowngradeNotes

# PostgreSQL's classes of errors that rows are the reason of: data exceptions, and constraints.
_OF_ROWS = ("22", "23")


def steps_back(
    error: DBAPIError, step: MigrationStep | None, script: ScriptDirectory, *, partly: bool
) -> list[MigrationStep]:
    """Return what takes back the chain of ``step``, which failed with ``error``.

    ``partly``: the step committed something itself, and its own downgrade comes first. Empty if
    rows were not the reason, if the step is no upgrade of a chain, or if it has nothing to undo.
    """
    if not isinstance(step, RevisionStep) or not step.is_upgrade:
        return []
    if not (sqlstate(error) or "").startswith(_OF_ROWS):
        return []
    chain = down_the_chain(script, step.revision)
    return _downgrades(script, chain if partly else chain[1:])


def steps_forth(
    error: DBAPIError,
    step: MigrationStep | None,
    done: Sequence[MigrationStep],
    script: ScriptDirectory,
    *,
    partly: bool,
) -> list[MigrationStep]:
    """Return what does again what a run has undone of the chain of ``step``, which failed.

    ``done`` are the steps that the run did before. Empty if rows were not the reason, if the step
    is no downgrade in a chain, or if it has undone nothing.
    """
    if not isinstance(step, RevisionStep) or step.is_upgrade or not is_in_chain(step.revision):
        return []
    if not (sqlstate(error) or "").startswith(_OF_ROWS):
        return []
    chain = step.revision.module.chain
    undone = [
        each.revision
        for each in (*done, *([step] if partly else []))
        if isinstance(each, RevisionStep)
        and not each.is_upgrade
        and getattr(each.revision.module, "chain", None) == chain
    ]
    return [upgrade_step(script, each) for each in reversed(undone)]


def begin_forth(
    notes: DowngradeNotes, context: MigrationContext, step: MigrationStep, script: ScriptDirectory
) -> None:
    """Count ``step``, a downgrade that was done partly, as done: its upgrade comes next."""
    assert isinstance(step, RevisionStep)  # noqa: S101 as steps_forth has seen
    count_as(context, downgrade_step(script, step.revision))
    notes.drop(step.revision.revision)


def begin(
    notes: DowngradeNotes, context: MigrationContext, step: MigrationStep, *, partly: bool
) -> None:
    """Note that the chain of ``step`` is taken back; count a step that was done ``partly``."""
    assert isinstance(step, RevisionStep)  # noqa: S101 as steps_back has seen
    notes.take_back(step.revision.module.chain[0])
    if partly:
        count_as(context, step)


def unfinished(
    notes: DowngradeNotes, heads: Sequence[str], script: ScriptDirectory
) -> list[MigrationStep]:
    """Return what an upgrade has to finish first: a chain's taking back, or a downgrade in one."""
    known = [each for each in map(script.get_revision, heads) if each is not None]
    for revision in known:
        chain = down_the_chain(script, revision)
        if notes.taking_back and chain and chain[-1].revision == notes.taking_back:
            return _downgrades(script, chain)
        if is_in_chain(revision) and notes.is_noted(revision.revision):
            return _downgrades(script, [revision])
    return []


def where_from(steps: Sequence[MigrationStep], heads: Sequence[str]) -> tuple[str, ...]:
    """Return where an upgrade starts after ``steps`` back from ``heads``."""
    if not steps:
        return tuple(heads)
    others = set(heads).difference(steps[0].from_revisions_no_deps)
    return tuple(sorted(others.union(steps[-1].to_revisions_no_deps)))


def taken_back(message: str, steps: Sequence[MigrationStep]) -> str:
    """Return the message of a run whose chain was taken back by ``steps``."""
    at = name(steps[-1].to_revisions_no_deps)
    first = name(steps[-1].from_revisions_no_deps)
    return (
        f"{message}\nWhat was done since {first} was taken back: the database is at {at}, with the "
        "rules and indexes that it had there. Mend the rows, and run the command again."
    )


def done_again(message: str, steps: Sequence[MigrationStep]) -> str:
    """Return the message of a run whose downgrade was taken back by ``steps``."""
    at = name(steps[-1].to_revisions_no_deps)
    return (
        f"{message}\nWhat was undone of its chain was done again: the database is at {at}, with "
        "the rules and indexes that it had there. Mend the rows, and run the command again."
    )


def stopped(message: str, error: Exception) -> str:
    """Return the message of a run whose chain could not be taken back, for ``error``."""
    reason = one_line(error) if isinstance(error, DBAPIError) else str(error).splitlines()[0]
    return (
        f"{message}\nTaking back what its chain had done was stopped: {reason}\n"
        "The next upgrade goes on with it before anything else."
    )


def _downgrades(script: ScriptDirectory, chain: Sequence[Script]) -> list[MigrationStep]:
    return [downgrade_step(script, each) for each in chain]
