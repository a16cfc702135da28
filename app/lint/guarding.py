"""Which guards revisions lack, found by running them, as the plan does, on a scratch database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..catalog.misfits import Question, rules_between
from ..catalog.snapshot import Snapshot
from ..plan.conversions import conversions
from ..plan.effects import effects_of
from ..plan.guards import guard_of
from ..plan.kept import about_new_rules
from ..plan.tracing import Traced
from ..revisions.guards import GuardOp
from .trial import Chain, Trial, all_of, first_line


@dataclass
class Brought:
    """What a chain of revisions brought, and the questions for the rows that it meets.

    ``asked_back`` are those for the rows that its way down meets, ``back`` is what that did.
    """

    chain: Chain
    before: Snapshot
    after: Snapshot
    asked: Sequence[Question]
    asked_back: Sequence[Question] = ()
    back: Sequence[Traced] = ()

    @property
    def may_lack_guards(self) -> bool:
        """Whether rows may have to be asked, up or down."""
        return bool(
            self.asked
            or rules_between(self.after, self.before)
            or any(
                each.kind == "column" and self.after.get(each) != text
                for each, text in self.before.items()
            )
        )


@dataclass
class Missing:
    """The guards that are missing, each way, by the revision that they belong into."""

    up: dict[str, list[GuardOp]] = field(default_factory=dict)
    down: dict[str, list[GuardOp]] = field(default_factory=dict)
    unknown: str = ""
    """What could not be found out, and why."""


def find_missing(
    trial: Trial, begin: Callable[[], Trial], chains: Sequence[Chain], brought: Sequence[Brought]
) -> Missing:
    """Return the guards that are missing in ``chains``, all of which ``trial`` has applied.

    They are undone, and applied once more: on a database of its own, which ``begin`` gives, if that
    does not lead back. A chain has its guards in whichever of its revisions. None is missing where
    the chain itself changes rows of the table, or makes what the rule is about.
    """
    missing = Missing()
    of_chain = {each.chain[0].revision: each for each in brought if each.may_lack_guards}
    if not of_chain:
        return missing
    first = next(n for n, chain in enumerate(chains) if chain[0].revision in of_chain)
    missing.unknown = _undo(trial, chains[first:], of_chain)
    if missing.unknown or trial.look() != of_chain[chains[first][0].revision].before:
        trial = begin()
        for chain in chains[:first]:
            trial.upgrade(chain)
    for chain in chains[first:]:
        one = of_chain.get(chain[0].revision)
        if one is None:
            trial.upgrade(chain)
            continue
        way = _Way(trial, one.before, one.asked)
        run = trial.upgrade(chain, traced=True)
        missing.up[chain[0].revision] = way.lacks(all_of(run), one.after)
        way = _Way(trial, one.after, one.asked_back)
        # The way down begins with the last one.
        missing.down[chain[-1].revision] = way.lacks(one.back, one.before)
    return missing


def _undo(trial: Trial, chains: Sequence[Chain], of_chain: Mapping[str, Brought]) -> str:
    """Undo ``chains``, and note what that did; return which of them cannot be, and why."""
    for chain in reversed(chains):
        try:
            run = trial.downgrade(chain)
        except Exception as error:  # whatever a revision raises
            return (
                "Guards that ways down may lack were not looked for: "
                f"that of {chain[0].revision} does not run: {first_line(error)}"
            )
        if one := of_chain.get(chain[0].revision):
            one.back = all_of(run)
            one.asked_back = trial.questions(one.after, trial.look())
    return ""


class _Way:
    """One way of a chain, before it is gone: what the rows that are ``there`` can be asked."""

    def __init__(self, trial: Trial, there: Snapshot, asked: Sequence[Question]) -> None:
        self._trial, self._there = trial, there
        self._key_of = trial.keys(there)
        self._asked = [each.question for each in trial.needed(there, asked) if each.at_once]

    def lacks(self, statements: Sequence[Traced], after: Snapshot) -> list[GuardOp]:
        """Return what the rows are not asked in ``statements``, which lead to ``after``."""
        effects = [(each, effects_of(each)) for each in statements if each.guard is None]
        mended = {
            table
            for _, effect in effects
            if effect.depends_on_rows
            for table in (*effect.written, *effect.scans)
        }
        fitting = self._trial.fitting(statements)
        changed = {
            each.name
            for each, text in after.items()
            if each.kind in ("type", "domain") and self._there.get(each) != text
        }
        asked = about_new_rules(self._asked, statements)
        guards = [guard_of(each) for each in asked if mended.isdisjoint(each.tables)]
        for traced, effect in effects:
            for each in conversions(traced, effect, fitting, changed, statements[0].before):
                guard = each.guard(self._key_of(each.table))
                if guard and each.column in self._there and each.table not in mended:
                    guards.append(guard)
        guarded = {each.guard.rule for each in statements if each.guard}
        return [each for each in guards if each.rule not in guarded]
