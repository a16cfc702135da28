"""Making the plan: each revision run on the scratch database, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from alembic.script import Script
from alembic.util import CommandError
from sqlalchemy import Connection

from ..catalog.casts import Types, taking_all
from ..catalog.identity import Identity
from ..catalog.misfits import Question, really_asked
from ..catalog.snapshot import Snapshot, search_path, snapshot
from ..revisions.guards import GuardOp
from .conversions import conversions, types_changed
from .effects import effects_of
from .gaps import hazards_in_between
from .judging import Found, hazards_of, rules_read_for
from .kept import about_new_rules
from .observation import Observation
from .rehearsal import Around
from .report import Revision, Statement
from .tracing import Traced, Tracer


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
    tracer = Tracer(scratch, schema)
    runs: list[_Run] = []

    def trace(script: Script, migrate: Callable[[], None]) -> None:
        before = runs[-1].after if runs else snapshot(scratch, schema)
        with tracer.tracing() as statements:
            migrate()
        after = snapshot(scratch, schema)
        asked = about_new_rules(really_asked(scratch, schema, before, after), statements)
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
    done = [each for run in runs for each in run.statements]
    gaps = iter(hazards_in_between(done))
    with search_path(scratch, schema):
        fitting = taking_all(scratch, types_changed(done))
    # What works outside a transaction must not find one.
    scratch.rollback()
    first = done[0].before if done else Observation({}, {}, {}, {})
    return tuple(
        _revision(run, [next(gaps) for _ in run.statements], fitting, first) for run in runs
    )


def _revision(
    run: _Run, gaps: Sequence[Sequence[Found]], fitting: Types, first: Observation
) -> Revision:
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
        hazards = (*hazards_of(traced, effects, fitting), *missing)
        rules = rules_read_for(traced, effects, fitting)
        statements.append(Statement(traced.sql, effects, hazards, rules, traced.alone))
        found = conversions(traced, effects, fitting, changed, first)
        asked += [each.question() for each in found]
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
