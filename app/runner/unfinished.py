"""Downgrades that work outside a transaction and do not end: killed, or failed half-way.

The database still counts as at the revision that is being undone, although some of it may be gone,
so an upgrade would leave it as it is. Every downgrade begins by noting itself in the comment on
``alembic_version``, and the transaction that counts it as done takes the note away: one that has a
single transaction never shows it, one that leaves its transaction commits it with what it did
there. An upgrade that finds a note does the revision again.
"""

import re
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ..compat import MigrationStep, RevisionStep, count_as, downgrade_step
from ..server.quoting import quote_literal
from .pending import name

_NOTE = "unfinished downgrade from {} to {}"
_TAKING_BACK = "taking back the chain from {}"
_CHAIN = re.compile(_TAKING_BACK.format("(.+)"))
_FIND = "SELECT obj_description(to_regclass('alembic_version'), 'pg_class')"


class DowngradeNotes:
    """The notes on the database of ``connection``, a line each; other lines are left alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._others: list[str] = []
        self._lower: dict[str, str] = {}
        self._found: frozenset[str] = frozenset()
        self.taking_back: str | None = None
        """The first revision of the chain that is being taken back."""

    def read(self) -> None:
        """See what is noted."""
        comment: str = self._connection.exec_driver_sql(_FIND).scalar() or ""
        pattern = re.compile(_NOTE.format("(.+)", "(.+)"))
        lines = comment.splitlines()
        chains = [match[1] for each in lines if (match := _CHAIN.fullmatch(each))]
        self.taking_back = chains[0] if chains else None
        matches = [(line, pattern.fullmatch(line)) for line in lines if not _CHAIN.fullmatch(line)]
        self._others = [line for line, match in matches if match is None]
        self._lower = {match[1]: match[2] for _, match in matches if match}
        self._found = frozenset(self._lower)

    def found(self, step: MigrationStep) -> bool:
        """Tell whether the revision of ``step`` was half undone when the run began."""
        return isinstance(step, RevisionStep) and step.revision.revision in self._found

    def is_noted(self, revision: str) -> bool:
        """Tell whether the downgrade of ``revision`` is noted as unfinished."""
        return revision in self._lower

    def take_back(self, first: str) -> None:
        """Note that the chain whose first revision is ``first`` is taken back."""
        self.taking_back = first
        self._save()

    def write(self, step: MigrationStep | None) -> None:
        """Note ``step`` in its transaction, which has done nothing yet, if it is a downgrade."""
        if isinstance(step, RevisionStep) and not step.is_upgrade:
            self._lower[step.revision.revision] = name(step.to_revisions_no_deps)
            self._save()

    def withdraw(self, step: MigrationStep | None) -> None:
        """Take back what was written of ``step``, for a while in which it does nothing yet."""
        if isinstance(step, RevisionStep) and not step.is_upgrade and not self.found(step):
            self._lower.pop(step.revision.revision, None)
            self._save()

    def forget(self, *, step: Any, **_: Any) -> None:
        """Take the note away, in the transaction that counts ``step`` as done."""
        if step.is_stamp:
            return
        revision = step.up_revision_id
        if revision in self._lower or (revision == self.taking_back and not step.is_upgrade):
            self._lower.pop(revision, None)
            if revision == self.taking_back:
                self.taking_back = None
            self._save()

    def drop(self, revision: str) -> None:
        """Take away the note on the downgrade of ``revision``."""
        if self._lower.pop(revision, None):
            self._save()

    def forget_all(self) -> None:
        """Take all notes away: somebody says what is there."""
        if self._lower or self.taking_back:
            self._lower, self.taking_back = {}, None
            self._save()

    def count_as_undone(
        self, context: MigrationContext, script: ScriptDirectory
    ) -> list[tuple[str, str]]:
        """Set the version to where each downgrade was to go, so that an upgrade starts there.

        Returns from where and to where they were to go.
        """
        if not self._found:
            return []
        undone = []
        known = {revision.revision: revision for revision in script.walk_revisions()}
        for upper in sorted(self._found.intersection(context.get_current_heads(), known)):
            count_as(context, downgrade_step(script, known[upper]))
            undone.append((upper, self._lower.pop(upper)))
        if undone:
            self._save()
        return undone

    def _save(self) -> None:
        lines = self._others + [_NOTE.format(*each) for each in self._lower.items()]
        if self.taking_back:
            lines.append(_TAKING_BACK.format(self.taking_back))
        text = quote_literal("\n".join(lines)) if lines else "NULL"
        self._connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS {text}")
