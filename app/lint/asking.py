"""Asking PostgreSQL about revisions: they are run on a scratch database.

squawk reads a statement; PostgreSQL knows whether that type needs the table rewritten, whether
anything is read at all, and what is there in the end. What it refutes is not reported; nor is what
the revision itself says to be at stake. And which rules a revision brings, either way, only the
catalog before and after it tells.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from ..revisions.guards import GuardOp
from .linter import Finding

if TYPE_CHECKING:
    from .evidence import Evidence
    from .guarding import Brought
    from .trial import Trial

Chain = list[Script]

# No rule comes, or goes and so may come again, without one of these words.
_WORDS = ("alter", "drop", "unique")


@dataclass
class Suspect:
    """A revision with the SQL of its upgrade, and what squawk finds in it.

    ``waived`` are the rules that it may break. ``refuted`` are the findings that PostgreSQL does
    not bear out, or that the revision says; ``lacking`` are the guards that should stand in its
    way up, ``lacking_back`` those in its way down.
    """

    revision: Script
    sql: str
    findings: Sequence[Finding]
    waived: Collection[str]
    refuted: list[Finding] = field(default_factory=list)
    lacking: Sequence[GuardOp] = ()
    lacking_back: Sequence[GuardOp] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether something is found in it that it does not waive."""
        return any(finding.rule not in self.waived for finding in self.findings)

    @property
    def may_lack_guards(self) -> bool:
        """Whether it may bring a rule that rows could break, up or down."""
        return any(word in self.sql.lower() for word in _WORDS)


def ask(
    config: Config,
    script: ScriptDirectory,
    suspects: Iterable[Suspect],
    schema: str,
    scratch_url: str | None,
) -> str:
    """Note in ``suspects`` what PostgreSQL says; return in words what it could not, if so."""
    wanted = {
        each.revision.revision: each for each in suspects if each.is_wrong or each.may_lack_guards
    }
    # Many revisions break no rule and bring none, and then nothing of this is needed.
    if not wanted:
        return ""
    from ..plan.scratch import scratch_database
    from .guarding import find_missing
    from .trial import Trial, first_line

    with ExitStack() as stack:

        def begin() -> Trial:
            scratch = stack.enter_context(scratch_database(scratch_url, schema, None))
            return Trial(config, script, scratch, schema)

        try:
            trial = begin()
            chains = chains_up_to(script, wanted)
            missing = find_missing(trial, begin, chains, _apply(trial, chains, wanted))
        except Exception as error:  # whatever a revision raises
            wrong = any(each.is_wrong for each in wanted.values())
            return f"PostgreSQL was not asked whether it is so: {first_line(error)}" * wrong
    for id_, suspect in wanted.items():
        suspect.lacking = missing.up.get(id_, ())
        suspect.lacking_back = missing.down.get(id_, ())
    return missing.unknown


def _apply(
    trial: "Trial", chains: Sequence[Chain], wanted: Mapping[str, Suspect]
) -> list["Brought"]:
    """Apply ``chains``; note what that refutes, and return what those that are wanted brought."""
    from .evidence import Evidence
    from .guarding import Brought
    from .trial import all_of

    brought = []
    for chain in chains:
        asked = [wanted[each.revision] for each in chain if each.revision in wanted]
        if not asked:
            trial.upgrade(chain)
            continue
        before = trial.look()
        wrong = [each for each in asked if each.is_wrong]
        run = trial.upgrade(chain, traced=bool(wrong))
        for suspect in wrong:
            _refute(suspect, Evidence(all_of(run), run[suspect.revision.revision]))
        after = trial.look()
        brought.append(Brought(chain, before, after, trial.questions(before, after)))
    return brought


def _refute(suspect: Suspect, evidence: "Evidence") -> None:
    lines = suspect.sql.splitlines()
    said = " ".join((suspect.revision.module.__doc__ or "").split())
    suspect.refuted += [
        finding
        for finding in suspect.findings
        if evidence.refutes(finding.rule, lines[finding.line - 1], said)
    ]


def chains_up_to(script: ScriptDirectory, wanted: Collection[str]) -> list[Chain]:
    """Return all revisions up to the last that is ``wanted``, those written together at once."""
    revisions = list(script.walk_revisions())[::-1]
    named = groupby(revisions, lambda each: getattr(each.module, "chain", None) or each.revision)
    chains = [list(chain) for _, chain in named]
    while not any(each.revision in wanted for each in chains[-1]):
        chains.pop()
    return chains
