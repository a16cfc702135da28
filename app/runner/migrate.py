"""A run of upgrade, downgrade or stamp on a live database."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from random import SystemRandom
from typing import NoReturn

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..compat import MigrationStep, applying, forbid_autocommit, running_command
from ..revisions.misfits import GUARD, SKIP
from ..server.pooler import refusal
from ..server.settings import autocommit
from . import failures, taking_back
from .guarding import Guards
from .lock import only_run
from .maintenance import ensure_partitions
from .options import Options, in_words
from .pending import PendingSteps, name, title
from .preconditions import require_known, require_primary, require_ready
from .session import RunSession
from .unfinished import DowngradeNotes
from .watch import BlockerWatch

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 20.0

log = logging.getLogger(__name__)


def migrate(
    connection: Connection,
    options: Options,
    configure: Callable[..., None],
    server: str,
    *,
    maintain: bool = True,
) -> None:
    """Apply the steps of the running command to the database of ``connection``.

    One run at a time does so on a schema; the others wait and find nothing left to do. A step
    that other sessions' locks stand in the way of is rolled back and tried again. A connection
    that comes in a transaction stays in it: each step is tried once, and the caller commits.

    ``configure`` configures Alembic's context as ``env.py`` does for every command; ``server`` says
    in words where the database is; ``maintain``: see to the partitions after an upgrade.

    Raises:
        CommandError: a precondition is not met, another run does not end, or a step failed; the
            database is left as after the last step that succeeded.
    """
    run = _Run(connection, options, configure, server)
    try:
        with autocommit(connection):
            require_primary(connection)
        with (
            run.session,
            only_run(connection, options.wait_timeout),
            BlockerWatch(connection, options.lock_timeout) as watch,
            run.guards.noticing(run.note_commit),
        ):
            run.complete(watch)
            if maintain and run.upgrading and not run.caller_owns:
                ensure_partitions(connection, options)
    except DBAPIError as error:
        run.announce()
        raise CommandError(failures.failed(error, run.step, run.left(), options)) from error
    except CommandError:
        run.announce()
        raise


class _Run:
    """One run: its plan, and the attempts at it."""

    def __init__(
        self, connection: Connection, options: Options, configure: Callable[..., None], server: str
    ) -> None:
        command = running_command(context.get_context())
        self.decide_steps = command.steps
        self.stamping = command.stamps
        self.upgrading = command.upgrades
        self.purge = command.purges
        self.connection = connection
        self.options = options
        self.configure = configure
        self.server = server
        self.caller_owns = connection.in_transaction()
        self.session = RunSession(connection, options)
        self.notes = DowngradeNotes(connection)
        self.pending: PendingSteps | None = None
        self.committed_by_itself: MigrationStep | None = None
        self.returning = False
        self.guards = Guards(connection, skip=options.misfits == SKIP)

    @property
    def step(self) -> MigrationStep | None:
        """The step that was tried last; None before the first."""
        return self.pending.next if self.pending else None

    def left(self) -> str:
        """Return what a failure now leaves behind."""
        step = self.step
        if step is None and self.pending and self.pending.applied:
            return "All revisions are applied."
        partly = step is not None and (step is self.committed_by_itself or self.notes.found(step))
        if self.guards.asking and step and not partly:
            is_first = self.pending is None or not self.pending.applied
            return failures.nothing_was_done(step, is_first=is_first)
        return failures.what_is_left(step, partly=partly, caller_owns=self.caller_owns)

    def announce(self) -> None:
        """Say once where the database is; a run that does nothing says all in one line."""
        if self.server:
            log.info(self.server)
            self.server = ""

    def complete(self, watch: BlockerWatch) -> None:
        """Apply all steps, each in as many attempts as the options allow."""
        attempt = applied = 0
        while True:
            try:
                self.proceed()
            except DBAPIError as error:
                if self.caller_owns:
                    raise
                if not failures.stands_in_the_way(error):
                    self.take_back(error, watch)
                    raise
                self.roll_back()
                if self.pending and self.pending.applied > applied:
                    attempt, applied = 0, self.pending.applied
                attempt += 1
                self.pause(attempt, error, watch)
            except CommandError:
                raise
            except Exception as error:
                if self.step:
                    error.add_note(f"{title(self.step)} failed. {self.left()}")
                raise
            else:
                return

    def proceed(self) -> None:
        """Apply the steps that are not applied yet."""
        if self.pending is None:
            self.pending = PendingSteps(self.decide(), self.prepare)
            if self.step is None and not self.stamping:
                log.info("%s: at %s, nothing to do", self.server, self.where())
                self.server = ""
                return
            self.announce()
        purge = self.purge and not self.pending.applied
        self.configure(
            connection=self.connection,
            **applying(self.pending, purge=purge),
            on_version_apply=self.notes.forget,
            **{GUARD: self.guards.asking_in(None if self.caller_owns else self.not_yet_begun)},
        )
        if self.caller_owns:
            forbid_autocommit(context.get_context(), self.refuse_block)
        with context.begin_transaction():
            context.run_migrations()
        if self.stamping:
            self.notes.forget_all()
        if not self.caller_owns:
            # Alembic leaves a version table that no step follows uncommitted.
            self.connection.commit()
        log.info("Now at %s: %s", self.where(), self.pending.summary())

    def take_back(self, error: DBAPIError, watch: BlockerWatch) -> None:
        """Take back what the run has done in the chain of the failed step, if rows are to blame.

        Raises:
            CommandError: it was taken back; the message is that of the failure.
        """
        step, partly = self.step, self.step is self.committed_by_itself
        if step is None or self.pending is None or self.returning:
            return
        script, done, tell = context.script, self.pending.done, taking_back.taken_back
        steps = taking_back.steps_back(error, step, script, partly=partly)
        if not steps:
            tell = taking_back.done_again
            partly = partly or self.notes.found(step)
            steps = taking_back.steps_forth(error, step, done, script, partly=partly)
        if not steps:
            return
        message = failures.failed(error, step, "", self.options)
        self.roll_back()
        with self.connection.begin():
            if tell is taking_back.taken_back:
                taking_back.begin(self.notes, context.get_context(), step, partly=partly)
            elif partly:
                taking_back.begin_forth(self.notes, context.get_context(), step, script)
        log.warning("%s failed: what was done in its chain is taken back", title(step))
        self.pending, self.returning = PendingSteps(steps, self.prepare), True
        try:
            self.complete(watch)
        except (CommandError, DBAPIError) as stopped:
            raise CommandError(taking_back.stopped(message, stopped)) from error
        raise CommandError(tell(message, steps)) from error

    def decide(self) -> Sequence[MigrationStep]:
        """Return the steps from where the database is, if it is fit for them."""
        self.configure(connection=self.connection)
        migration_context = context.get_context()
        undone: list[tuple[str, str]] = []
        first: list[MigrationStep] = []
        with nullcontext() if self.caller_owns else self.connection.begin():
            self.notes.read()
            heads = () if self.purge else migration_context.get_current_heads()
            require_known(heads, context.script)
            if self.upgrading:
                first = taking_back.unfinished(self.notes, heads, context.script)
                if not first:
                    undone = self.notes.count_as_undone(migration_context, context.script)
                    heads = migration_context.get_current_heads()
            start = taking_back.where_from(first, heads)
            steps = (*first, *self.decide_steps(start, migration_context))
            if steps or self.stamping:
                require_ready(self.connection, steps, at_base=not heads)
        for upper, lower in undone:
            log.warning(
                "The downgrade %s -> %s was not finished: %s is applied again", upper, lower, upper
            )
        return steps

    def prepare(self, step: MigrationStep | None) -> None:
        """Let ``step`` start afresh, in its transaction; None: let what follows the last one."""
        # A transaction takes over default_transaction_* when it begins.
        with nullcontext() if self.connection.in_transaction() else self.connection.begin():
            self.renew()
        self.require_same_session()
        began, now = self.session.schemas()
        if now != began:
            raise CommandError(failures.other_schema(began, now, self.left()))
        if step is not None:
            self.notes.write(step)
        self.guards.begin_step()

    @contextmanager
    def not_yet_begun(self) -> Iterator[None]:
        """Be outside of the step's transaction, which has done nothing yet, for a while."""
        self.notes.withdraw(self.step)
        with context.get_context().autocommit_block():
            yield
        self.notes.write(self.step)

    def roll_back(self) -> None:
        """Roll back what failed, and what else it has set."""
        self.connection.rollback()
        with self.connection.begin():
            self.renew()

    def renew(self) -> None:
        """Put the session back, if it is still the one that the run began in."""
        self.require_same_session()
        self.session.renew()

    def require_same_session(self) -> None:
        """Refuse a pooler that has given the run another session."""
        if self.session.has_moved():
            raise CommandError(refusal("transaction", self.left()))

    def refuse_block(self) -> NoReturn:
        """Stand in for ``autocommit_block`` in a transaction of the caller's."""
        raise CommandError(failures.needs_no_transaction(self.step))

    def pause(self, attempt: int, error: DBAPIError, watch: BlockerWatch) -> None:
        """Report what stood in the way and wait until the next attempt, or give up."""
        blockers = watch.take()
        reason = failures.blocked(error, self.step, blockers, self.options)
        if attempt >= self.options.lock_attempts:
            raise CommandError(failures.gave_up(reason, blockers, self.left(), attempt)) from error
        longest = min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS)
        seconds = longest * SystemRandom().uniform(0.5, 1)
        log.warning(
            "%s. %s Attempt %d of %d follows in %s",
            *(reason, self.left(), attempt + 1, self.options.lock_attempts),
            in_words(seconds * 1_000),
        )
        time.sleep(seconds)

    def where(self) -> str:
        """Return where the database is: ``0002 (head)``."""
        with autocommit(self.connection):
            heads = context.get_context().get_current_heads()
        newest = set(heads) == set(context.script.get_heads())
        return name(heads) + (" (head)" if newest and heads else "")

    def note_commit(self) -> None:
        """Note that the step has left its transaction, and no rollback takes back what it did."""
        self.committed_by_itself = self.step
