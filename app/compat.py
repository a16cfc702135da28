"""Every private name of Alembic and SQLAlchemy that this project depends on, and why.

Private is what their documentation does not promise: a name with an underscore, an option that
commands pass to themselves, a method that is replaced. Each entry says what it is for, why no
public way exists, and since which version it is as it is here. All else uses these entries only.
``tests/test_compat.py`` has a test for each: one that fails says what another Alembic or SQLAlchemy
broke.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn, TypeVar

from alembic import util
from alembic.autogenerate import RevisionContext, render_op_text
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type
from alembic.ddl.postgresql import PostgresqlColumnType, PostgresqlImpl
from alembic.operations.ops import MigrateOperation
from alembic.runtime.migration import (
    HeadMaintainer,
    MigrationContext,
    MigrationStep,
    RevisionStep,
    StampStep,
)
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import MultipleHeads, RevisionError
from alembic.util.langhelpers import rev_id as draw_id
from sqlalchemy import Engine, Pool
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

# Names that are used as they are, for their attributes are:
#
# The steps of a run: what a function that Alembic is given as ``fn`` yields. Documented are the
# option and ``MigrationInfo``, which is made of a step when it is done (since 0.7).
__all__ = ["MigrationStep", "RevisionStep", "StampStep"]
# What ``revision`` and ``check`` work with (since 0.8).
__all__ += ["RevisionContext"]
# How Alembic writes PostgreSQL; see :func:`write_postgresql_by` (since 0.1).
__all__ += ["PostgresqlImpl"]
# A connection that takes DDL down instead of running it. The one of ``create_mock_engine`` has a
# dialect that knows no server's version, and takes no strings (since SQLAlchemy 1.4).
__all__ += ["MockConnection"]
# ALTER COLUMN TYPE as Alembic writes it, whose ``using`` nothing else tells (since 1.13).
__all__ += ["PostgresqlColumnType"]
# What ``ScriptDirectory.iterate_revisions`` raises for a revision that is not there, or from which
# no way leads. Commands make a CommandError of it, by a method that is private as well (since 0.7).
__all__ += ["RevisionError"]
# What the CommandError for several heads comes from, which says so only in words (since 0.7).
__all__ += ["MultipleHeads"]

Steps = Callable[[Any, MigrationContext], Iterable[MigrationStep]]
"""Gives the steps to apply, from the heads at which the database is."""
Impl = TypeVar("Impl", bound=type[PostgresqlImpl])
Copied = TypeVar("Copied", bound=SchemaItem)
Generate = Callable[..., Script | None]


@dataclass(frozen=True)
class Command:
    """The running command, as far as its options tell."""

    steps: Steps
    migrates: bool
    """It is upgrade, downgrade or stamp."""
    upgrades: bool
    stamps: bool
    purges: bool
    """It is to forget at which revision the database is, before it stamps another."""
    writes: bool
    """It is revision, check or merge."""
    revision: RevisionContext | None
    """What revision and check work with."""

    @property
    def checks(self) -> bool:
        """Whether it is check, which has no message: one that is to be written must have it."""
        return self.compares and self.revision.command_args["message"] is None  # type: ignore[union-attr]

    @property
    def compares(self) -> bool:
        """Whether it compares the database with the models: check, revision --autogenerate."""
        return self.revision is not None and bool(self.revision.command_args["autogenerate"])


def running_command(context: MigrationContext) -> Command:
    """Return the command that ``context`` was configured for.

    All commands run the same ``env.py``, and nothing public tells it which. These options are what
    they pass to each other: ``fn`` and ``destination_rev`` since Alembic 0.1, ``template_args``
    since 0.3.6, ``revision_context`` since 0.8, ``purge`` since 1.2. That the function of an
    upgrade is called so, since 0.3, is all that tells it from a downgrade.
    """
    options: Mapping[str, Any] = context.opts
    steps: Steps = options.get("fn", lambda _heads, _context: ())
    migrates = options.get("destination_rev") is not None
    return Command(
        steps=steps,
        migrates=migrates,
        upgrades=migrates and steps.__name__ == "upgrade",
        stamps="purge" in options,
        purges=bool(options.get("purge")),
        writes="template_args" in options,
        revision=options.get("revision_context"),
    )


def writing(context: MigrationContext) -> RevisionContext:
    """Return what ``process_revision_directives`` is called for.

    It is given the directives alone, not where they come from and what becomes of them (the option
    ``revision_context`` since 0.8).
    """
    revision: RevisionContext = context.opts["revision_context"]
    return revision


def template_arguments(context: MigrationContext) -> dict[str, Any]:
    """Return what the template of a revision is filled in with, to add to it.

    A directive carries operations and imports only (the option ``template_args`` since 0.3.6).
    """
    arguments: dict[str, Any] = context.opts["template_args"]
    return arguments


def option(context: AutogenContext | MigrationContext, name: str) -> Any:
    """Return an option of our own that ``context.configure`` was given.

    Comparators and operations get nothing but their context, whose ``opts`` are not documented
    (since 0.8).
    """
    return context.opts.get(name)


def applying(steps: Steps, *, purge: bool) -> dict[str, Any]:
    """Return options for ``context.configure`` by which ``steps`` are applied, not the command's.

    A run that is tried again must go no further than it first meant to. The function is chosen
    before ``env.py`` runs (``fn`` since 0.1, ``purge`` since 1.2).
    """
    return {"fn": steps, "purge": purge}


LOOKING: Mapping[str, Any] = {"dont_mutate": True}
"""Options for ``context.configure`` by which a command that only looks creates no version table.

``current`` has it of its own; ``check`` and ``revision`` would leave a table behind in an empty
database, and no documented option keeps them from it (since 1.4.3).
"""


def forbid_autocommit(context: MigrationContext, refuse: Callable[[], NoReturn]) -> None:
    """Have ``refuse`` called where a revision is about to leave its transaction.

    Where that is the caller's, Alembic would commit it, or fail on an assertion, and asks nobody
    before (``autocommit_block`` since 1.2).
    """
    context.autocommit_block = refuse  # type: ignore[method-assign]


def upgrade_step(
    script: ScriptDirectory,
    revision: Script,
    run: Callable[[Callable[..., None]], None] | None = None,
) -> MigrationStep:
    """Return the step that upgrades to ``revision`` and does nothing else, on whichever branch.

    It is left to ``run`` if that is given, which gets what the step does. A target names a range,
    which has both branches below a merge (``RevisionStep`` since 0.7, its ``migration_fn`` since
    0.1).
    """
    step = RevisionStep(script.revision_map, revision, is_upgrade=True)
    return _run_by(run, step) if run else step


def downgrade_step(
    script: ScriptDirectory,
    revision: Script,
    run: Callable[[Callable[..., None]], None] | None = None,
) -> RevisionStep:
    """Return the step that undoes ``revision``, left to ``run`` if that is given.

    Commands make such steps for a target, which cannot name one of two branches (since 0.7).
    """
    step = MigrationStep.downgrade_from_script(script.revision_map, revision)
    return _run_by(run, step) if run else step


def _run_by(run: Callable[[Callable[..., None]], None], step: RevisionStep) -> RevisionStep:
    migrate = step.migration_fn

    @wraps(migrate)  # scripts name the function
    def run_step(**arguments: Any) -> None:
        run(lambda: migrate(**arguments))

    step.migration_fn = run_step
    return step


def count_as(context: MigrationContext, step: RevisionStep) -> None:
    """Set the version to what it is after ``step``, and run nothing.

    ``MigrationContext.stamp`` is told where to go instead: below a merge there are several places,
    and ``base`` is below all branches (since 0.7).
    """
    HeadMaintainer(context, context.get_current_heads()).update_to_step(step)


def tell_failures_by(tell: Callable[[str], NoReturn]) -> None:
    """Have Alembic's command line tell a failure by ``tell``, which ends the process.

    Alembic logs it and prints it on stdout as well, where ``--sql`` writes the script; no option
    keeps it from either (``util.err`` since 0.3).
    """
    util.err = lambda message, **_: tell(message)


def mark_drawn_ids(mark: Callable[[str], str], revision: RevisionContext | None) -> None:
    """Replace the ids that Alembic draws by what ``mark`` makes of them.

    Which ids a user chose cannot be told otherwise. ``revision`` has drawn its id when ``env.py``
    runs (``generated_revisions`` since 0.8), ``merge`` will (``util.rev_id`` since 0.8).
    """
    util.rev_id = lambda: mark(draw_id())
    if revision is not None and not revision.command_args["rev_id"]:
        for each in revision.generated_revisions:
            each.rev_id = mark(str(each.rev_id))


def generate_by(script: ScriptDirectory, wrap: Callable[[Generate], Generate]) -> None:
    """Have ``script`` write revisions by what ``wrap`` makes of its own way to write one.

    ``process_revision_directives`` is not called for ``merge``, and nothing is called with what
    has been written but commands of the shell (``generate_revision`` since 0.3).
    """
    script.generate_revision = wrap(script.generate_revision)  # type: ignore[method-assign]


def write_none(revision: RevisionContext, instead: Callable[[], None]) -> None:
    """Have ``revision`` call ``instead`` of writing anything; ``check`` does not come there.

    The documented way is to empty the list of directives, of which ``check`` wants the last (since
    1.9; ``generate_scripts`` since 0.8).
    """

    def generate_scripts() -> Iterator[Script | None]:
        instead()
        return iter(())

    revision.generate_scripts = generate_scripts  # type: ignore[method-assign]


def render_operation(context: AutogenContext, operation: MigrateOperation) -> str:
    """Return an operation as it stands in a script, to put it into a block.

    ``renderers`` is documented for registering one, not for asking it (since 0.8).
    """
    return render_op_text(context, operation)


def render_type(context: AutogenContext, type_: TypeEngine[Any]) -> str:
    """Return a type as Alembic writes it, from within ``render_item`` for another type.

    That may return a text or False, which leaves the type that was given to Alembic (since 0.6.1).
    """
    return _repr_type(type_, context)


GENERATED = "# ### "
"""The beginning of the comments that Alembic puts around operations; ``script.py.mako`` drops them.

No option leaves them out (since 0.8.9).
"""


def write_postgresql_by(impl: Impl) -> Impl:
    """Have Alembic write PostgreSQL by ``impl``, a subclass of its own ``PostgresqlImpl``.

    Scripts are to guard each of their transactions, for which there is no hook. ``__dialect__`` in
    the body of a class puts it in the place of the one before it (since 0.1).
    """
    metaclass: Any = type(impl)
    replacement: Impl = metaclass(impl.__name__, (impl,), {"__dialect__": "postgresql"})
    return replacement


def engine_through(pool: Pool, engine: Engine) -> Engine:
    """Return an engine like ``engine`` that takes its connections from ``pool``.

    ``create_engine`` with such a pool has the dialect set up each new connection twice (the
    parameters since 0.1).
    """
    return Engine(pool, engine.dialect, engine.url)


def variant(type_: TypeEngine[Any], dialect: str) -> TypeEngine[Any] | None:
    """Return what ``with_variant`` put in the place of ``type_`` for ``dialect``, if anything.

    ``dialect_impl`` would tell, but takes the dialect's private classes for public ones
    (``_variant_mapping`` since SQLAlchemy 2.0).
    """
    found: TypeEngine[Any] | None = type_._variant_mapping.get(dialect)
    return found


def has_filters(context: AutogenContext) -> bool:
    """Tell whether ``include_name`` or ``include_object`` are to be asked (``opts`` since 0.8)."""
    return bool(context.opts.get("include_name") or context.opts.get("include_object"))


def options_of(context: MigrationContext) -> dict[str, Any]:
    """Return all that ``context.configure`` was given, to do the same once more.

    Comparators find the project's own ``process_revision_directives`` there, which is called after
    they have run (since 0.8).
    """
    options: dict[str, Any] = context.opts
    return options


def context_like(context: AutogenContext) -> AutogenContext:
    """Return a context in which operations look as in ``context`` (``opts`` since 0.8)."""
    return AutogenContext(
        context.migration_context, context.metadata, context.opts, autogenerate=False
    )


def copied(item: Copied) -> Copied:
    """Return a copy of what stands in a model, which is tied to no table.

    ``to_metadata`` copies whole tables, ``copy`` is deprecated (``_copy`` since SQLAlchemy 1.4).
    """
    copy: Copied = item._copy()  # type: ignore[attr-defined]
    return copy
