"""The pending steps of a run: decided once, applied one after the other, each reported."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from alembic.runtime.migration import MigrationContext

from ..compat import MigrationStep, StampStep
from .options import in_words

log = logging.getLogger(__name__)


class PendingSteps:
    """The steps yet to apply, given to Alembic as the function that yields them.

    Relative targets such as ``+1`` were resolved when the steps were decided, so a second attempt
    goes on where the first one failed, and no further than the first one would have.
    """

    def __init__(
        self, steps: Iterable[MigrationStep], prepare: Callable[[MigrationStep | None], None]
    ) -> None:
        """Take the ``steps`` and what to do before each attempt at one, and after the last."""
        self.done: list[MigrationStep] = []
        self._pending = deque(steps)
        self._prepare = prepare
        self._started = time.monotonic()

    @property
    def applied(self) -> int:
        """How many steps are done."""
        return len(self.done)

    @property
    def next(self) -> MigrationStep | None:
        """The step that is being applied, or was when the attempt failed; None when all are."""
        return self._pending[0] if self._pending else None

    def __call__(self, _heads: Any, _context: MigrationContext) -> Iterator[MigrationStep]:
        """Yield each step; Alembic asks for the next one when its transaction is committed."""
        while self._pending:
            step = self._pending[0]
            log.info("%s ...", title(step))
            started = time.monotonic()
            self._prepare(step)
            yield step
            self.done.append(self._pending.popleft())
            log.info("%s: done in %s", arrow(step), in_words((time.monotonic() - started) * 1_000))
        self._prepare(None)

    def summary(self) -> str:
        """Return how many steps were applied, and how long that took."""
        if not self.applied:
            return "no revision to change"
        noun = "revision" if self.applied == 1 else "revisions"
        return f"{self.applied} {noun} in {in_words((time.monotonic() - self._started) * 1_000)}"


def title(step: MigrationStep) -> str:
    """Return what a step does: ``Upgrade 0001 -> 0002, Add a column``."""
    verb = "Stamp" if isinstance(step, StampStep) else "Upgrade" if step.is_upgrade else "Downgrade"
    return f"{verb} {arrow(step)}{', ' + step.doc.rstrip('.') if step.doc else ''}"


def arrow(step: MigrationStep) -> str:
    """Return where a step starts and ends: ``0001 -> 0002``."""
    return f"{name(step.from_revisions_no_deps)} -> {name(step.to_revisions_no_deps)}"


def name(revisions: Iterable[str]) -> str:
    """Return the revisions as people call them."""
    return ", ".join(sorted(revisions)) or "base"
