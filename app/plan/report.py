"""What there is to tell about each revision, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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

    ``alone`` tells that it runs outside any transaction.
    """

    sql: str
    effects: Effects
    hazards: tuple[Found, ...]
    alone: bool

    def blocks(self, sizes: Mapping[str, Size], small: int) -> bool:
        """Tell whether others wait while it goes through more than ``small`` rows."""
        if not blocking_locks(self.effects):
            return False
        found = [sizes[name] for name in worked_on(self.effects) if name in sizes]
        return any(size.rows is None for size in found) or (
            sum(size.rows or 0 for size in found) > small
        )


@dataclass(frozen=True)
class Revision:
    """A revision, and what its upgrade will do."""

    id: str
    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Plan:
    """What is planned, from one revision to another, for whom.

    ``sizes`` are those of the relations of the live database; empty where none was looked at.
    ``small`` is the number of rows up to which nobody minds waiting.
    """

    where: str
    start: str
    end: str
    revisions: tuple[Revision, ...]
    sizes: Mapping[str, Size] = field(default_factory=dict)
    small: int = SMALL

    def blocks(self, statement: Statement) -> bool:
        """Tell whether ``statement`` holds up the application."""
        return statement.blocks(self.sizes, self.small)

    @property
    def found(self) -> bool:
        """Whether there is something that must not go by unseen."""
        return any(
            self.blocks(statement)
            for revision in self.revisions
            for statement in revision.statements
        )


def told(hazard: Found) -> tuple[Hazard, str]:
    """Return a hazard with its sentence."""
    kind, names = hazard
    return kind, kind.tell(names)
