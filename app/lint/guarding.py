"""Which guards revisions lack: found by running them, as the plan does, on a scratch database."""

from collections.abc import Callable, Mapping, Sequence

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from ..catalog.misfits import Question, needed, questions
from ..catalog.snapshot import snapshot
from ..plan.guards import guard_of
from ..revisions.guard_code import code
from ..revisions.guards import GuardOp
from .asking import Chain, chains_up_to

MISSING_GUARD = "missing-guard"
# No rule comes without one of these words; a revision without them need not be run.
_WORDS = ("alter", "unique")


def may_lack_guards(sql: str) -> bool:
    """Tell whether the revision with ``sql`` may bring a rule that rows could break."""
    lower = sql.lower()
    return any(word in lower for word in _WORDS)


def missing_guards(
    config: Config,
    script: ScriptDirectory,
    revisions: Sequence[Script],
    schema: str,
    scratch_url: str | None,
) -> Mapping[str, list[GuardOp]]:
    """Return the guards that ``revisions`` lack, by the id of the one that they belong into.

    A chain has its guards in whichever of its revisions. None is missing where the chain itself
    changes rows of the table, or makes what the rule is about. None is known where the revisions
    do not run on a scratch database.
    """
    wanted = {each.revision for each in revisions}
    chains = chains_up_to(script, wanted)
    run = _Run(config, script, schema, scratch_url)
    try:
        asked = run.rules_without_guards(chains, wanted)
        return run.that_rows_can_break(chains, asked) if asked else {}
    except CommandError:
        return {}


class _Run:
    def __init__(
        self, config: Config, script: ScriptDirectory, schema: str, scratch_url: str | None
    ) -> None:
        self._config = config
        self._script = script
        self._schema = schema
        self._scratch_url = scratch_url

    def rules_without_guards(
        self, chains: Sequence[Chain], wanted: set[str]
    ) -> dict[str, list[Question]]:
        """Return what no guard asks, by the id of the first revision of its chain."""
        from ..plan.effects import effects_of
        from ..plan.rehearsal import Rehearsal, untouched
        from ..plan.scratch import scratch_database
        from ..plan.tracing import Traced, Tracer

        found: dict[str, list[Question]] = {}
        with scratch_database(self._scratch_url, self._schema, None) as scratch:
            rehearsal = Rehearsal(self._config, self._script, scratch)
            tracer = Tracer(scratch, self._schema)
            done: list[Traced] = []

            def trace(_revision: Script, migrate: Callable[[], None]) -> None:
                with tracer.tracing() as statements:
                    migrate()
                done.extend(statements)

            for chain in chains:
                if wanted.isdisjoint(each.revision for each in chain):
                    rehearsal.upgrade(chain, untouched)
                    continue
                done.clear()
                before = snapshot(scratch, self._schema)
                # What works outside a transaction must not find one.
                scratch.rollback()
                rehearsal.upgrade(chain, trace)
                after = snapshot(scratch, self._schema)
                guarded = {each.guard.rule for each in done if each.guard}
                mended = {
                    table
                    for effects in (effects_of(each) for each in done if not each.guard)
                    if effects.depends_on_rows
                    for table in (*effects.written, *effects.scans)
                }
                asked = [
                    question
                    for question in questions(scratch, self._schema, before, after)
                    if str(question.rule) not in guarded and mended.isdisjoint(question.tables)
                ]
                scratch.rollback()
                if asked:
                    found[chain[0].revision] = asked
        return found

    def that_rows_can_break(
        self, chains: Sequence[Chain], asked: Mapping[str, Sequence[Question]]
    ) -> dict[str, list[GuardOp]]:
        """Return guards for those of ``asked`` that can be, and must be, before their chain."""
        from ..plan.rehearsal import Rehearsal, untouched
        from ..plan.scratch import scratch_database

        found: dict[str, list[GuardOp]] = {}
        with scratch_database(self._scratch_url, self._schema, None) as scratch:
            rehearsal = Rehearsal(self._config, self._script, scratch)
            for chain in chains:
                first = chain[0].revision
                if first in asked:
                    there = snapshot(scratch, self._schema)
                    found[first] = [
                        guard_of(each.question)
                        for each in needed(scratch, self._schema, there, asked[first])
                        if each.at_once
                    ]
                    scratch.rollback()
                rehearsal.upgrade(chain, untouched)
        return found


def advice(guard: GuardOp) -> str:
    """Return what to do about a missing guard."""
    return f"put first in upgrade():\n{code(guard)}"
