"""What there is to tell about each revision, for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..catalog.identity import Identity
from ..catalog.misfits import Question, about_rows
from ..revisions.hazards import Hazard
from .effects import Effects
from .judging import Found, blocking_locks, worked_on

SMALL = 10_000


@dataclass(frozen=True)
class Size:
    """How many rows a table has, and how many bytes; None where that could not be found out."""

    rows: int | None
    bytes: int | None


@dataclass(frozen=True)
class Statement:
    """A statement of a revision, what it did on the scratch database, and its hazards.

    ``rules`` are those that it read rows for; ``alone`` tells that it runs outside any transaction;
    ``guard`` is the question that it asks the rows, if it does nothing else.
    """

    sql: str
    effects: Effects
    hazards: tuple[Found, ...]
    rules: tuple[Identity, ...]
    alone: bool
    guard: Question | None = None

    def blocks(self, sizes: Mapping[str, Size], small: int) -> bool:
        """Tell whether others wait while it goes through more than ``small`` rows."""
        if not blocking_locks(self.effects):
            return False
        found = [sizes[name] for name in worked_on(self.effects) if name in sizes]
        return any(size.rows is None for size in found) or (
            sum(size.rows or 0 for size in found) > small
        )


@dataclass(frozen=True)
class Range:
    """Seconds: the real time is hardly ever less than ``low``, or more than ``high``."""

    low: float
    high: float

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.high + other.high)


@dataclass(frozen=True)
class Answer:
    """How many rows do not fit a rule; None if they were not counted, and why.

    ``seconds`` is how long it took to count them.
    """

    rows: int | None
    why: str = ""
    seconds: float = 0


@dataclass(frozen=True)
class Revision:
    """A revision, what its upgrade will do, and what is to be asked of the rows before."""

    id: str
    title: str
    statements: tuple[Statement, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Misfits:
    """What the rows answered to ``question``.

    ``mended_by`` is the revision, if any, that changes rows of the table before the rule comes.
    """

    question: Question
    answer: Answer
    mended_by: str | None

    @property
    def found(self) -> bool:
        """Whether there are rows that do not fit, and that nothing mends."""
        return bool(self.answer.rows) and self.mended_by is None


@dataclass(frozen=True)
class Plan:
    """What is planned, from one revision to another, for whom.

    ``sizes`` are those of the relations of the live database, ``answers`` what its rows said, and
    ``times`` how long it takes to ask them; empty where that was not looked at. ``small`` is the
    number of rows up to which nobody minds waiting.
    """

    where: str
    start: str
    end: str
    revisions: tuple[Revision, ...]
    sizes: Mapping[str, Size] = field(default_factory=dict)
    answers: Mapping[Question, Answer] = field(default_factory=dict)
    times: Mapping[Question, Range] = field(default_factory=dict)
    small: int = SMALL

    def blocks(self, statement: Statement) -> bool:
        """Tell whether ``statement`` holds up the application."""
        return statement.blocks(self.sizes, self.small)

    def time(self, statement: Statement) -> Range | None:
        """Return how long ``statement`` reads; None if that was not measured, or it writes too."""
        asked = reads(statement, self.revisions)
        if asked and all(question in self.times for question in asked):
            return sum((self.times[each] for each in asked), start=Range(0, 0))
        return None

    def misfits(self, revision: Revision) -> list[Misfits]:
        """Return what is known of the rows that ``revision`` will meet."""
        return [
            Misfits(question, self.answers[question], self._mended_by(question, revision))
            for question in revision.questions
            if question in self.answers
        ]

    def _mended_by(self, question: Question, revision: Revision) -> str | None:
        for each in self.revisions[: self.revisions.index(revision) + 1]:
            for effects in (statement.effects for statement in each.statements):
                # What commits itself has no locks any more that tell what it wrote to.
                changed = {*effects.written, *effects.scans} if effects.depends_on_rows else set()
                if changed.intersection(question.tables):
                    return each.id
        return None

    @property
    def found(self) -> bool:
        """Whether there is something that must not go by unseen."""
        return any(
            any(map(self.blocks, revision.statements))
            or any(misfits.found for misfits in self.misfits(revision))
            for revision in self.revisions
        )


def told(hazard: Found) -> tuple[Hazard, str]:
    """Return a hazard with its sentence."""
    kind, names = hazard
    return kind, kind.tell(names)


def reads(statement: Statement, revisions: Sequence[Revision]) -> list[Question]:
    """Return the questions that read what ``statement`` reads; none if it writes, too.

    For a rule that is the question for its misfits, in whichever revision it is asked.
    """
    if statement.guard is not None:
        return [statement.guard]
    effects = statement.effects
    if effects.rewrites or effects.builds or effects.depends_on_rows:
        return []
    tables = {lock.relation: lock.table for lock in effects.held}
    left = {tables.get(name, name) for name in effects.scans}
    asked = []
    for question in dict.fromkeys(each for some in revisions for each in some.questions):
        if question.rule in statement.rules and left.intersection(question.tables):
            asked.append(question)
            left -= set(question.tables)
    return asked + [about_rows(Identity("table", None, name), name, None) for name in sorted(left)]
