"""Making the plan: each revision run on the scratch database, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from alembic.script import Script
from alembic.util import CommandError
from sqlalchemy import Connection

from ..catalog.identity import Identity
from ..catalog.misfits import Question, questions
from ..catalog.snapshot import Snapshot, snapshot
from ..revisions.guards import GuardOp
from .conversions import conversions
from .effects import effects_of
from .gaps import hazards_in_between
from .judging import Casts, Found, hazards_of, rules_read_for
from .rehearsal import Around
from .report import Revision, Statement
from .tracing import Traced, Tracer

_IMPLICIT = "SELECT castsource, casttarget FROM pg_cast WHERE castcontext = 'i'"


@dataclass(frozen=True)
class _Run:
    """What one revision did on the scratch database: its statements, and the rules that came."""

    script: Script
    statements: list[Traced]
    before: Snapshot
    after: Snapshot
    questions: list[Question]


def plan(run: Callable[[Around], None], scratch: Connection, schema: str) -> tuple[Revision, ...]:
    """Have ``run`` go through revisions on ``scratch``, and return what each of them did.

    Raises:
        CommandError: one of them fails there.
    """
    casts: Casts = frozenset((row[0], row[1]) for row in scratch.exec_driver_sql(_IMPLICIT))
    scratch.commit()
    tracer = Tracer(scratch, schema)
    runs: list[_Run] = []

    def trace(script: Script, migrate: Callable[[], None]) -> None:
        before = runs[-1].after if runs else snapshot(scratch, schema)
        with tracer.tracing() as statements:
            migrate()
        after = snapshot(scratch, schema)
        asked = questions(scratch, schema, before, after)
        runs.append(_Run(script, statements, before, after, asked))

    try:
        run(trace)
    except CommandError as error:
        said = str(error).splitlines()[0]
        raise CommandError(
            f"There is no plan, for a revision does not run on the scratch database: {said}\n"
            "The database itself was left untouched. Mend the revision; it has to run on a "
            "database without rows, too."
        ) from error
    gaps = iter(hazards_in_between([each for run in runs for each in run.statements]))
    return tuple(_revision(run, [next(gaps) for _ in run.statements], casts) for run in runs)


def _revision(run: _Run, gaps: Sequence[Sequence[Found]], casts: Casts) -> Revision:
    changed = {
        identity.name
        for identity, definition in run.after.items()
        if identity.kind in ("type", "domain") and run.before.get(identity) != definition
    }
    statements, asked = [], list(run.questions)
    for traced, missing in zip(run.statements, gaps, strict=True):
        if traced.guard is not None:
            statements.append(_guard(traced, traced.guard))
            continue
        effects = effects_of(traced)
        hazards = (*hazards_of(traced, effects, casts), *missing)
        rules = rules_read_for(traced, effects, casts)
        statements.append(Statement(traced.sql, effects, hazards, rules, traced.alone))
        asked += conversions(traced, effects, casts, changed)
    script = run.script
    return Revision(script.revision, script.doc.rstrip("."), tuple(statements), tuple(asked))


def _guard(traced: Traced, op: GuardOp) -> Statement:
    """Return the statement of a guard, which does nothing with rows but read them."""
    effects = replace(effects_of(traced), depends_on_rows=False)
    sql = f"/* guard of {op.rule} */ {traced.sql}"
    tables = tuple(sorted({lock.table for lock in effects.held}))
    asked = None if op.tried else f"SELECT {op.count} FROM ({op.find}) AS misfits"  # noqa: S608
    question = Question(Identity("guard", None, op.rule), tables, asked and op.find, asked)
    return Statement(sql, effects, (), (), traced.alone, question)
