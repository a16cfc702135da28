"""Revisions on a scratch database: up as a deployment runs them, and down again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from ..catalog.casts import Types, taking_all
from ..catalog.misfits import KeyOf, Needed, Question, keys, needed, really_asked
from ..catalog.snapshot import Snapshot, search_path, snapshot
from ..plan.conversions import types_changed
from ..plan.rehearsal import Rehearsal, untouched
from ..plan.tracing import Traced, Tracer

Chain = list[Script]
Run = dict[str, list[Traced]]
"""What each of some revisions did, by their ids."""


def all_of(run: Run) -> list[Traced]:
    """Return all that ``run`` did, in its order."""
    return [each for statements in run.values() for each in statements]


def first_line(error: Exception) -> str:
    """Return the first line of what ``error`` says, or what it is called."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class Trial:
    """A scratch database on which revisions are tried."""

    def __init__(
        self, config: Config, script: ScriptDirectory, scratch: Connection, schema: str
    ) -> None:
        """Take where the revisions are, and a connection to a database that has none of them."""
        self._rehearsal = Rehearsal(config, script, scratch)
        self._tracer = Tracer(scratch, schema)
        self._scratch, self._schema = scratch, schema

    def upgrade(self, chain: Chain, *, traced: bool = False) -> Run:
        """Apply ``chain``; return what it did, if that is to be ``traced``."""
        run: Run = {}
        self._rehearsal.upgrade(chain, self._tracing(run) if traced else untouched)
        return run

    def downgrade(self, chain: Chain) -> Run:
        """Undo ``chain``, the last that was applied, and return what that did."""
        run: Run = {}
        for revision in reversed(chain):
            self._rehearsal.downgrade(revision, self._tracing(run))
        return run

    def _tracing(self, run: Run) -> Callable[[Script, Callable[[], None]], None]:
        def trace(revision: Script, migrate: Callable[[], None]) -> None:
            with self._tracer.tracing() as run[revision.revision]:
                migrate()

        return trace

    def look(self) -> Snapshot:
        """Return what is there."""
        with self._looking():
            return snapshot(self._scratch, self._schema)

    def questions(self, before: Snapshot, after: Snapshot) -> list[Question]:
        """Return what rows are to be asked before it is as in ``after``, which it is now."""
        with self._looking():
            return really_asked(self._scratch, self._schema, before, after)

    def needed(self, there: Snapshot, asked: Sequence[Question]) -> list[Needed]:
        """Return which of ``asked`` rows have to be, and when; it is as in ``there`` now."""
        with self._looking():
            return needed(self._scratch, self._schema, there, asked)

    def keys(self, there: Snapshot) -> KeyOf:
        """Return what gives the key of a table's rows, where it was as in ``there`` before."""
        with self._looking(), search_path(self._scratch, self._schema):
            return keys(self._scratch, self._schema, there)

    def fitting(self, statements: Iterable[Traced]) -> Types:
        """Return which types that columns got in ``statements`` take every value there was."""
        with self._looking(), search_path(self._scratch, self._schema):
            return taking_all(self._scratch, types_changed(statements))

    @contextmanager
    def _looking(self) -> Iterator[None]:
        yield
        # What works outside a transaction must not find one.
        self._scratch.rollback()
