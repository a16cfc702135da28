"""Making the plan: each revision run on the scratch database, and what came of it."""

from collections.abc import Callable, Sequence

from alembic.script import Script
from alembic.util import CommandError
from sqlalchemy import Connection

from .effects import effects_of
from .gaps import hazards_in_between
from .judging import Found, hazards_of
from .rehearsal import Rehearsal
from .report import Revision, Statement
from .tracing import Traced, Tracer

_IMPLICIT = "SELECT castsource, casttarget FROM pg_cast WHERE castcontext = 'i'"


def plan_upgrades(
    rehearsal: Rehearsal, scratch: Connection, schema: str, revisions: Sequence[Script]
) -> tuple[Revision, ...]:
    """Run the upgrades of ``revisions`` on ``scratch``, and return what they did.

    Raises:
        CommandError: one of them fails there.
    """
    casts = frozenset((row[0], row[1]) for row in scratch.exec_driver_sql(_IMPLICIT))
    scratch.commit()
    tracer = Tracer(scratch, schema)
    traced: dict[str, list[Traced]] = {}

    def trace(revision: Script, migrate: Callable[[], None]) -> None:
        with tracer.tracing() as statements:
            migrate()
        traced[revision.revision] = statements

    try:
        rehearsal.upgrade(revisions, trace)
    except CommandError as error:
        said = str(error).splitlines()[0]
        raise CommandError(
            f"There is no plan, for a revision does not run on the scratch database: {said}\n"
            "The database itself was left untouched. Mend the revision; it has to run on a "
            "database without rows, too."
        ) from error
    gaps = iter(hazards_in_between([each for some in traced.values() for each in some]))
    return tuple(
        Revision(
            revision.revision,
            revision.doc.rstrip("."),
            tuple(_statement(each, next(gaps), casts) for each in traced[revision.revision]),
        )
        for revision in revisions
    )


def _statement(traced: Traced, gaps: list[Found], casts: frozenset[tuple[int, int]]) -> Statement:
    effects = effects_of(traced)
    hazards = (*hazards_of(traced, effects, casts), *gaps)
    return Statement(traced.sql, effects, hazards, traced.alone)
