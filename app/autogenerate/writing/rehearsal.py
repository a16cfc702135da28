"""Rehearsing what is to be written, before it is: up and down, in a scratch schema.

What the steps touch of the live schema is built there from its own definitions, and each step runs
as the script will have it. Where an operation of Alembic's does not give what the models do, the
table is written as SQL; where SQL fails too, the difference is refused with PostgreSQL's reason.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from alembic.autogenerate.api import AutogenContext
from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, exc
from sqlalchemy.dialects import postgresql

from ...catalog.definitions import INVALID, of_owner
from ...catalog.dependencies import Dependencies
from ...catalog.differences import compare
from ...catalog.identity import Identity
from ...catalog.reparse import same_when_reparsed
from ...catalog.snapshot import Snapshot, search_path, snapshot
from ...compat import context_like, option, options_of, render_operation
from ...server.errors import one_line
from ...server.parameters import execute_as_is
from ...server.scratch import scratch_connection
from ..changes import Changes, Hints, find_changes, how_to_build
from ..changes.kinds import make_again
from ..changes.steps import Step
from ..scratch import Drift, scratch_schema

_ROUTINES = {"function", "procedure", "aggregate"}
_ATTEMPTS = 4


@dataclass(frozen=True)
class _Failure:
    """A step that fails, or gives something else, with the reason."""

    identity: Identity
    reason: str
    down: bool

    def __str__(self) -> str:
        way = "back to what it is in the database" if self.down else "into what the models say"
        return (
            f"PostgreSQL cannot turn the {self.identity} {way}: {self.reason}\n"
            "Write the revision by hand."
        )


def find_rehearsed(
    drift: Drift,
    context: AutogenContext,
    connection: Connection,
    metadata: Sequence[MetaData],
    scratch_url: str | None,
) -> Changes:
    """Return what turns the live schema of ``connection`` into what the models describe.

    What cannot be done is among the refusals of what is returned.

    Raises:
        CommandError: the steps depend on each other in a circle.
    """
    without: set[str] = set()
    unchecked = False
    theirs = option(context, "render_item") or (lambda *_: False)

    hints = Hints(lambda type_: theirs("type", type_, context), option(context, "renames") or ())
    for attempt in range(_ATTEMPTS):
        changes = find_changes(drift, connection, metadata, hints, without, unchecked=unchecked)
        if changes.decisions.refusals or not changes.steps:
            return changes
        with scratch_connection(connection, scratch_url) as other:
            failures = _rehearse(changes, context, other)
        if not failures:
            return changes
        tables = {name for failure in failures for name in _tables(failure.identity)}
        routines = any(failure.identity.kind in _ROUTINES for failure in failures)
        if not tables - without and (unchecked or not routines):
            break
        unchecked |= routines
        without |= tables
        if attempt == _ATTEMPTS - 2:
            # Whatever else there is will not come out either.
            without |= {table.name for each in metadata for table in each.tables.values()}
    for failure in failures:
        changes.decisions.refusals.setdefault(failure.identity, str(failure))
    return changes


def _tables(identity: Identity) -> Iterable[str]:
    if identity.table is not None:
        yield identity.table
    elif identity.kind in ("table", "table comment"):
        yield identity.name


def _rehearse(changes: Changes, context: AutogenContext, connection: Connection) -> list[_Failure]:
    """Return what fails; nothing where the part that is touched cannot be built to try it."""
    before, after = changes.drift.found, changes.drift.expected
    part = _touched(changes)
    there = {each: text for each, text in before.items() if each in part}
    # What is committed before it is used has to be there from the beginning.
    there |= {step.identity: after[step.identity] for step in changes.steps if step.commits}
    ahead = [step for step in changes.steps if not step.commits]
    try:
        building = how_to_build(there, changes.drift.found_dependencies)
    except CommandError:
        return []
    script = _Script(context, connection)
    with scratch_schema(connection) as schema, search_path(connection, schema):
        try:
            connection.exec_driver_sql("SET LOCAL check_function_bodies = off")
            for statement in building:
                execute_as_is(connection, statement)
            connection.exec_driver_sql("SET LOCAL check_function_bodies = on")
        except exc.DBAPIError:
            return []

        def wrong(wanted: Snapshot, *, down: bool) -> list[_Failure]:
            return [
                _Failure(identity, f"it would come out as {text or 'nothing'}.", down)
                for identity, text in _differing(connection, schema, wanted, part)
            ]

        failed = script.run(ahead, down=False) or wrong(after, down=False)
        if failed:
            return failed
        return script.run(changes.steps[::-1], down=True) or wrong(before, down=True)


def _touched(changes: Changes) -> set[Identity]:
    """Return what the steps touch, with all that it takes to build that."""
    drift = changes.drift
    both = (drift.found_dependencies, drift.expected_dependencies)
    touched = {each for step in changes.steps for each in step.covers}
    objects = drift.found
    if any(each.kind in _ROUTINES for each in touched):
        # A body may name anything.
        return touched.union(objects)
    dependents = _dependents(drift.found_dependencies)
    part: set[Identity] = set()
    pending = [*touched, *_all_dependents(touched, dependents)]
    while pending:
        identity = pending.pop()
        if identity in part:
            continue
        part.add(identity)
        pending += [each for each in identity.owners if each in objects]
        for dependencies in both:
            pending += dependencies.get(identity, ())
        if identity.kind in ("table", "domain", "sequence"):
            pending += [
                each
                for each in of_owner(objects, identity)
                if each.kind != "foreign key" or each in touched
            ]
    return part


def _dependents(dependencies: Dependencies) -> dict[Identity, list[Identity]]:
    found: dict[Identity, list[Identity]] = {}
    for dependent, references in dependencies.items():
        for referenced in references:
            found.setdefault(referenced, []).append(dependent)
    return found


def _all_dependents(
    touched: Iterable[Identity], dependents: dict[Identity, list[Identity]]
) -> Iterator[Identity]:
    pending, seen = [each for each in touched if each.kind != "table"], set(touched)
    while pending:
        for each in dependents.get(pending.pop(), ()):
            if each not in seen:
                seen.add(each)
                pending.append(each)
                yield each


def _differing(
    connection: Connection, schema: str, wanted: Snapshot, part: set[Identity]
) -> list[tuple[Identity, str | None]]:
    printed = snapshot(connection, schema, version_table=None)
    differences = compare(
        # Extensions are the database's, not the schema's.
        {k: text for k, text in wanted.items() if k in part and k.kind != "extension"},
        {each: text for each, text in printed.items() if each in part},
    )
    if not differences:
        return []
    again = connection.begin_nested()
    try:
        same = same_when_reparsed(connection, schema, differences, printed, wanted, make_again)
    finally:
        again.rollback()
    return [
        (each.identity, each.found)
        for each in differences
        # What was not valid is, when it is made again.
        if each.identity not in same and not (each.expected or "").endswith(INVALID.strip())
    ]


class _Script:
    """Runs operations as a script does that was written with them."""

    def __init__(self, context: AutogenContext, connection: Connection) -> None:
        self._context = context_like(context)
        there = MigrationContext.configure(connection, opts=options_of(context.migration_context))
        self._connection = connection
        self._names: dict[str, Any] = {
            "op": Operations(there),
            "sa": sqlalchemy,
            "sqlalchemy": sqlalchemy,
            "postgresql": postgresql,
        }
        self._imported: set[str] = set()

    def run(self, steps: Sequence[Step], *, down: bool) -> list[_Failure]:
        """Run ``steps`` one way; return the one that fails, where one does."""
        for step in steps:
            try:
                for operation in step.backward if down else step.forward:
                    self._run(operation)
            except exc.DBAPIError as error:
                return [_Failure(step.identity, f"{one_line(error)}.", down)]
            except Exception as error:  # a script fails in any way that Python can
                return [_Failure(step.identity, f"{type(error).__name__}: {error}.", down)]
        return []

    def _run(self, operation: MigrateOperation) -> None:
        text = render_operation(self._context, operation)
        for line in self._context.imports - self._imported:
            exec(line, self._names)  # noqa: S102 as in the script
            self._imported.add(line)
        run: Callable[[str, dict[str, Any]], None] = exec
        run(text, self._names)
