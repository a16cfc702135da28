"""What is wrong with the partitions, in sentences that give the way out."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from . import routines
from .messages import ENSURE, RETIRE, counted
from .routines import Gap, Reported, Skipped, month_of

_ELSEWHERE = "that is left to something else than ensure_partitions"
# As many as a gap may have for someone to want them all.
_MOST_MONTHS = 1_200


class Findings(NamedTuple):
    """What has to be mended, and what is good to know."""

    problems: list[str]
    notes: list[str]


def find(
    connection: Connection, tables: Sequence[Reported], gaps: Sequence[Gap], months_ahead: int
) -> Findings:
    """Return what there is to say about ``tables``, which are to have so many ``months_ahead``."""
    skipped, published = routines.skipped(connection), routines.published(connection)
    ensures = routines.has(connection, routines.ENSURE)
    call = f"CALL {routines.schema_of(connection)}.ensure_partitions" if ensures else None
    hindrances = {each.parent: each.moves for each in published}
    problems: list[str] = []
    for table in tables:
        problems += (_gap(gap, call) for gap in gaps if gap.parent == table.parent)
        hindrance = hindrances.get(table.parent)
        found = _problems(table, months_ahead, hindrance, ensures)
        problems += (f"{table.parent}: {problem}" for problem in found)
    problems += (left_alone(other) for other in skipped if other.own)
    if not tables:
        problems.append("No table is partitioned by time: there is nothing to report.")
    notes = [
        *(f"{each.parent}: {each.new_months}" for each in published if each.new_months),
        *(left_alone(other) for other in skipped if not other.own),
    ]
    return Findings(problems, notes)


def left_alone(table: Skipped) -> str:
    """Return that the routines do nothing with ``table``, and why."""
    return f"{table.parent}: left alone: {table.reason}"


def _gap(gap: Gap, ensure: str | None) -> str:
    """Say which months are missing, and the ways out; ``ensure`` is the call that makes months."""
    first, last = month_of(gap.first_month), month_of(gap.last_month)
    months = [first, *(["…"] if gap.months > 2 else []), last][-gap.months :]
    lines = [f"{gap.parent}: no partition for {', '.join(months)}"]
    if gap.retention:
        lines.append(f"if what is older may go: {RETIRE} --older-than '{gap.retention}'")
    else:
        lines.append("if the rows after it are wrong: correct them, then drop what was left empty")
    if ensure and gap.months <= _MOST_MONTHS:
        date, *era = gap.first_month.split(" ")
        moment = " ".join([date, "00:00+00", *era])
        lines.append(f"else make them: {ensure}({gap.months - 1}, '{moment}')")
    return "\n  ".join(lines)


def _problems(
    table: Reported, months_ahead: int, hindrance: str | None, ensures: bool
) -> Iterator[str]:
    if table.rows_in_default is None:
        yield "no DEFAULT partition: an insert outside the months fails"
    if table.rows_in_default:
        them = "it" if table.rows_in_default == 1 else "them"
        way_out = f"move {them}: {ENSURE}" if ensures else _ELSEWHERE
        if hindrance:
            way_out = f"they stay there: {hindrance}"
        yield f"{counted(table.rows_in_default, 'row')} in DEFAULT; {way_out}"
    if table.months_ahead < months_ahead:
        way_out = f"create them: {ENSURE} --months-ahead {months_ahead}" if ensures else _ELSEWHERE
        yield f"{counted(table.months_ahead, 'month')} ahead, not {months_ahead}; {way_out}"
