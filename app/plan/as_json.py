"""The plan for programs: a list of revisions."""

from typing import Any

from ..command_line import output
from .effects import Lock
from .modes import who_waits
from .report import Misfits, Plan, Range, Revision, Statement, told


def as_json(plan: Plan) -> str:
    """Return ``plan`` as JSON."""
    return output.as_json([_revision(plan, each) for each in plan.revisions])


def _revision(plan: Plan, revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision.id,
        "title": revision.title,
        "statements": [_statement(plan, each) for each in revision.statements],
        "misfits": [_misfits(each) for each in plan.misfits(revision) if each.answer.rows],
        "asked": [
            {
                "object": str(each.rule),
                "query": each.find,
                "rows": plan.answers[each].rows if each in plan.answers else None,
                "not_counted": plan.answers[each].why if each in plan.answers else None,
                "seconds": _seconds(plan.times.get(each)),
            }
            for each in revision.questions
        ],
    }


def _misfits(misfits: Misfits) -> dict[str, Any]:
    return {
        "object": str(misfits.question.rule),
        "rows": misfits.answer.rows,
        "mended_by": misfits.mended_by,
    }


def _seconds(found: Range | None) -> list[float] | None:
    return [round(found.low, 4), round(found.high, 4)] if found else None


def _statement(plan: Plan, statement: Statement) -> dict[str, Any]:
    effects = statement.effects
    return {
        "sql": statement.sql,
        "locks": [_lock(plan, each) for each in effects.locks],
        "rewrites": list(effects.rewrites),
        "scans": list(effects.scans),
        "builds": [index.name for index in effects.builds],
        "hazards": [
            {"hazard": hazard.name, "stake": hazard.stake, "text": text, "fix": hazard.fix}
            for hazard, text in map(told, statement.hazards)
        ],
        "blocks": plan.blocks(statement),
        "seconds": _seconds(plan.time(statement)),
        "depends_on_rows": effects.depends_on_rows,
        "outside_transaction": statement.alone,
    }


def _lock(plan: Plan, lock: Lock) -> dict[str, Any]:
    found: dict[str, Any] = {
        "relation": lock.relation,
        "mode": lock.mode,
        "kind": lock.kind,
        "waits": who_waits(lock.mode),
    }
    if size := plan.sizes.get(lock.relation):
        found |= {"rows": size.rows, "bytes": size.bytes}
    return found
