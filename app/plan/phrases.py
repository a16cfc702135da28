"""What is said of a statement, the same in each format for people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ..revisions.guards import MOST
from ..revisions.hazards import Hazard
from .effects import Effects, Lock
from .modes import in_words, strength, who_waits
from .report import Misfits, Plan, Range, Size, Statement

ALONE = strength("ShareUpdateExclusiveLock")
# Whether rows fit is said by the rows themselves where they were asked.
_ANSWERED = (
    Hazard.FOREIGN_KEY_ADDED,
    Hazard.NOT_NULL_SET,
    Hazard.REQUIRED_COLUMN_ADDED,
    Hazard.RULE_ADDED,
    Hazard.UNIQUE_ADDED,
)
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def nothing_to_do(plan: Plan) -> str:
    """Return the one line of a plan without revisions."""
    return f"{_where(plan)}at {plan.start}, nothing to do"


def heading(plan: Plan) -> str:
    """Return in one line what is planned."""
    revisions = number(len(plan.revisions), "revision")
    return f"{_where(plan)}{plan.start} to {plan.end}, {revisions}"


def summary(plan: Plan) -> str:
    """Return in one line what must not go by unseen."""
    if not plan.sizes and not plan.answers:
        return "No rows were looked at: what will take long is not known."
    blocking = sum(plan.blocks(each) for some in plan.revisions for each in some.statements)
    unfit = sum(each.found for some in plan.revisions for each in plan.misfits(some))
    verb = "blocks" if blocking <= 1 else "block"
    who = number(blocking, "statement") if blocking else "nothing"
    said = f"{who} {verb} others on more than {plan.small:,} rows"
    if plan.answers:
        said += f"; rows do not fit {number(unfit, 'rule')}" if unfit else "; all rows fit"
    return f"{said[0].upper()}{said[1:]}."


def is_quiet(statement: Statement) -> bool:
    """Tell whether there is nothing to say of ``statement``: all that it touches is its own."""
    effects = statement.effects
    work = effects.rewrites, effects.scans, effects.builds, statement.hazards
    return not (any(work) or effects.depends_on_rows or _worth_telling(effects))


def locks(plan: Plan, statement: Statement) -> list[str]:
    """Return each table that ``statement`` locks against anyone, and who waits for it."""
    return [
        f"{_with_partitions(table, group)} {in_words(mode)}"
        f"{_waiting(mode)}{_size(plan.sizes.get(table))}"
        for table, mode, group in _worth_telling(statement.effects)
    ]


def work(plan: Plan, statement: Statement) -> list[str]:
    """Return what ``statement`` does with rows."""
    effects = statement.effects
    tables = {lock.relation: lock.table for lock in effects.held}
    said = [
        f"{verb} {name}{_size(plan.sizes.get(name))}"
        for verb, names in (
            ("rewrites", _outer(effects.rewrites, tables)),
            ("reads", _outer(set(effects.scans) - set(effects.rewrites), tables)),
            ("builds", sorted({index.whole for index in effects.builds})),
        )
        for name in names
    ]
    return said + ["depends on rows"] * effects.depends_on_rows


def hazards(plan: Plan, statement: Statement) -> list[tuple[Hazard, str]]:
    """Return the hazards with their sentences, but for those that the rows have answered to."""
    return [
        (hazard, hazard.tell(names))
        for hazard, names in statement.hazards
        if not (plan.answers and hazard in _ANSWERED)
    ]


def misfits(found: Misfits) -> str:
    """Return what the rows answered."""
    rule, answer = found.question.rule, found.answer
    if answer.rows is None:
        return f"{rule}: not counted, as {answer.why}"
    counted = f" (counted in {duration(answer.seconds)})" if answer.seconds >= 0.1 else ""
    if not answer.rows:
        return f"all rows fit {rule}{counted}"
    more = "more than " if found.question.find is None and answer.rows > MOST else ""
    noun = "row does" if answer.rows == 1 else "rows do"
    said = f"{more}{answer.rows:,} {noun} not fit {rule}{counted}"
    return f"{said}; {found.mended_by} changes rows before" if found.mended_by else said


def number(count: int, noun: str) -> str:
    """Return ``count`` with its noun: ``1 row``, ``no rows``."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return a duration as people say it."""
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def times(plan: Plan, statement: Statement) -> list[str]:
    """Return how long ``statement`` reads, if that is known."""
    found = plan.time(statement)
    return [in_between(found)] if found else []


def in_between(found: Range) -> str:
    """Return a range of seconds as people say it."""
    if found.high < 0.01:
        return "less than 10 ms"
    if found.high < 1:
        return f"{found.low * 1_000:.0f} to {found.high * 1_000:.0f} ms"
    if found.high < 120:
        return f"{found.low:.1f} to {found.high:.1f} s"
    return f"{found.low / 60:.1f} to {found.high / 60:.1f} min"


def shorten(sql: str, width: int) -> str:
    """Return the beginning of ``sql`` in one line."""
    line = " ".join(sql.split())
    return line if len(line) <= width else f"{line[: width - 2]} …"


def rows(number: int | None) -> str:
    """Return a number of rows as people say it; PostgreSQL only estimates large ones."""
    if number is None:
        return "nobody knows how many rows"
    if number >= 1_000_000:
        return f"about {number / 1_000_000:.3g} million rows"
    if number > 10_000:
        return f"about {float(f'{number:.2g}'):,.0f} rows"
    return f"{number:,} row{'' if number == 1 else 's'}"


def size(number: int | None) -> str:
    """Return a number of bytes as people say it."""
    left, unit = float(number or 0), 0
    while left >= 1_000 and unit < len(_UNITS) - 1:
        left, unit = left / 1_024, unit + 1
    return f"{left:.3g} {_UNITS[unit]}"


def _where(plan: Plan) -> str:
    return f"{plan.where}: " if plan.where else ""


def _worth_telling(effects: Effects) -> list[tuple[str, str, list[Lock]]]:
    """Return the tables that are locked, each with the strongest mode and the locks on it.

    An index counts where its table is not locked as strongly itself.
    """
    on_tables = {lock.relation: strength(lock.mode) for lock in effects.held}
    groups: defaultdict[str, list[Lock]] = defaultdict(list)
    for lock in effects.locks:
        is_index = lock.kind.endswith("index")
        covered = is_index and on_tables.get(lock.table, 0) >= strength(lock.mode)
        if strength(lock.mode) >= ALONE and not covered:
            groups[lock.relation if is_index else lock.table].append(lock)
    return [
        (name, max((lock.mode for lock in group), key=strength), group)
        for name, group in sorted(groups.items())
    ]


def _with_partitions(table: str, group: Iterable[Lock]) -> str:
    names = {lock.relation for lock in group}
    parts = names - {table}
    if not parts:
        return table
    if len(parts) == 1 and table not in names:
        return f"partition {parts.pop()}"
    of = "partition" if len(parts) == 1 else "partitions"
    return f"{table} and {len(parts)} {of}" if table in names else f"{len(parts)} {of} of {table}"


def _waiting(mode: str) -> str:
    who = who_waits(mode)
    return f": {who} wait" if who else ""


def _size(found: Size | None) -> str:
    return (
        f" ({rows(found.rows)}, {size(found.bytes)})" if found and found.bytes is not None else ""
    )


def _outer(names: Iterable[str], tables: dict[str, str]) -> Iterator[str]:
    yield from sorted({tables.get(name, name) for name in names})
