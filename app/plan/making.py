"""The plan from where a database is, or from a revision without any database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from ..revisions.heads import load_revisions
from ..server.scratch import major_version
from ..server.settings import autocommit, settings
from .pending import heads_of, in_words, pending, resolve, up_to
from .report import SMALL, Plan, Revision, reads

# The plan changes nothing, and nobody waits behind it.
_READING = {"default_transaction_read_only": "on", "lock_timeout": "1800ms"}


@dataclass(frozen=True)
class Wishes:
    """What is asked of the live database: ``count`` the misfits, ``measure`` how fast it reads.

    ``small`` is the number of rows up to which nobody minds waiting.
    """

    small: int = SMALL
    count: bool = True
    measure: bool = False


def plan_for(
    config: Config,
    live: Connection,
    schema: str,
    target: str,
    scratch_url: str | None,
    server: str,
    wishes: Wishes,
) -> Plan:
    """Return the plan from where the database of ``live`` is to ``target``.

    ``live`` is only read from. ``scratch_url`` is where the scratch database is made, None for the
    embedded server; ``server`` says in words where the database is.

    Raises:
        CommandError: there is no such revision, one does not run on the scratch database, or that
            cannot be made.
    """
    script = load_revisions(config)
    with autocommit(live), settings(live, _READING):
        heads = heads_of(live)
        revisions = pending(script, heads, target)
        if not revisions:
            return Plan(server, in_words(heads), in_words(heads), ())
        planned = _rehearse(config, script, heads, revisions, schema, scratch_url, live)
        end = in_words(_ends(revisions))
        return _look(live, schema, Plan(server, in_words(heads), end, planned), wishes)


def plan_between(
    config: Config, schema: str, start: str, target: str, scratch_url: str | None
) -> Plan:
    """Return the plan from the revision ``start`` to ``target``, which no rows are known for.

    Raises:
        CommandError: as :func:`plan_for`.
    """
    script = load_revisions(config)
    heads = resolve(script, start)
    revisions = pending(script, heads, target)
    planned = _rehearse(config, script, heads, revisions, schema, scratch_url) if revisions else ()
    return Plan("", in_words(heads), in_words(_ends(revisions) or heads), planned)


def _rehearse(
    config: Config,
    script: ScriptDirectory,
    heads: Sequence[str],
    revisions: Sequence[Script],
    schema: str,
    scratch_url: str | None,
    live: Connection | None = None,
) -> tuple[Revision, ...]:
    # What makes the scratch database is not needed where nothing is to be done.
    from .partitions import copy_partitions
    from .planning import plan
    from .rehearsal import Rehearsal, untouched
    from .scratch import scratch_database

    version = major_version(live) if live else None
    with scratch_database(scratch_url, schema, version) as scratch:
        rehearsal = Rehearsal(config, script, scratch)
        rehearsal.upgrade(up_to(script, heads), untouched)
        if live:
            copy_partitions(live, scratch, schema)
        return plan(partial(rehearsal.upgrade, revisions), scratch, schema)


def _look(live: Connection, schema: str, plan: Plan, wishes: Wishes) -> Plan:
    """Return ``plan`` with what is known of the rows."""
    from .counting import answers
    from .measuring import measure
    from .sizes import sizes_of

    asked = [question for revision in plan.revisions for question in revision.questions]
    read = [
        question
        for revision in plan.revisions
        for statement in revision.statements
        for question in reads(statement, plan.revisions)
    ]
    return replace(
        plan,
        sizes=sizes_of(live, _relations(plan.revisions), wishes.small),
        times=measure(live, schema, [*asked, *read]) if wishes.measure else {},
        answers=answers(live, schema, asked) if wishes.count else {},
        small=wishes.small,
    )


def _relations(revisions: Iterable[Revision]) -> set[str]:
    """Return the names of all relations that the plan speaks of."""
    names: set[str] = set()
    for effects in (each.effects for revision in revisions for each in revision.statements):
        names |= {name for lock in effects.held for name in (lock.relation, lock.table)}
        names |= {*effects.scans, *effects.rewrites}
    return names


def _ends(revisions: Sequence[Script]) -> set[str]:
    """Return those of ``revisions`` that no other one follows."""
    below: set[str] = set()
    for down in (each.down_revision for each in revisions):
        below.update((down,) if isinstance(down, str) else down or ())
    return {each.revision for each in revisions} - below
