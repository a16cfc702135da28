"""Asking PostgreSQL about what squawk finds: each revision is run on a scratch database.

squawk reads a statement; PostgreSQL knows whether that type needs the table rewritten, whether
anything is read at all, and what is there in the end. What it refutes is not reported; nor is what
the revision itself says to be at stake.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from ..revisions.guards import GuardOp
from .linter import Finding

Chain = list[Script]


@dataclass
class Suspect:
    """A revision with the SQL of its upgrade, and what squawk finds in it.

    ``refuted`` are the findings that PostgreSQL does not bear out, or that the revision says;
    ``lacking`` are the guards that should stand in it.
    """

    revision: Script
    sql: str
    findings: list[Finding]
    refuted: list[Finding] = field(default_factory=list)
    lacking: Sequence[GuardOp] = ()


def ask(
    config: Config,
    script: ScriptDirectory,
    suspects: Sequence[Suspect],
    schema: str,
    scratch_url: str | None,
) -> str:
    """Note in ``suspects`` what PostgreSQL refutes; return why it could not be asked, if so."""
    # Most revisions break no rule, and then nothing of this is needed.
    from ..plan.rehearsal import Rehearsal, untouched
    from ..plan.scratch import scratch_database
    from ..plan.tracing import Traced, Tracer
    from .evidence import Evidence

    wanted = {each.revision.revision: each for each in suspects}
    chains = chains_up_to(script, wanted)
    try:
        with scratch_database(scratch_url, schema, None) as scratch:
            rehearsal, tracer = Rehearsal(config, script, scratch), Tracer(scratch, schema)
            runs: dict[str, list[Traced]] = {}

            def trace(revision: Script, migrate: Callable[[], None]) -> None:
                with tracer.tracing() as runs[revision.revision]:
                    migrate()

            for chain in chains:
                asked = [wanted[each.revision] for each in chain if each.revision in wanted]
                rehearsal.upgrade(chain, trace if asked else untouched)
                done = [run for each in chain for run in runs.get(each.revision, ())]
                for suspect in asked:
                    evidence = Evidence(done, runs[suspect.revision.revision])
                    lines = suspect.sql.splitlines()
                    said = " ".join((suspect.revision.module.__doc__ or "").split())
                    suspect.refuted += [
                        finding
                        for finding in suspect.findings
                        if evidence.refutes(finding.rule, lines[finding.line - 1], said)
                    ]
    except Exception as error:  # whatever a revision raises
        said = str(error).strip() or type(error).__name__
        return said.splitlines()[0]
    return ""


def chains_up_to(script: ScriptDirectory, wanted: Collection[str]) -> list[Chain]:
    """Return all revisions up to the last that is ``wanted``, those written together at once."""
    chains = list(_chains(script))
    while not any(each.revision in wanted for each in chains[-1]):
        chains.pop()
    return chains


def _chains(script: ScriptDirectory) -> Iterator[Chain]:
    """Yield all revisions in their order; those that were written together at once."""
    revisions = list(script.walk_revisions())[::-1]
    for _, chain in groupby(
        revisions, lambda each: getattr(each.module, "chain", None) or each.revision
    ):
        yield list(chain)
