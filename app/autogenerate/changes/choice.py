"""What is compared at all: the project's own filters, with the meaning that Alembic gives them.

``include_name`` is asked of names in the database, ``include_object`` of objects on either side;
what belongs to a table or a column that is left out is left out with it. ``unmanaged`` in
``alembic.ini`` lists what only the database has, or only migrations make: patterns for names, one a
line, each with the kind before it or without.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.exc import NoSuchTableError

from ...catalog.definitions import split_routine, unquoted
from ...catalog.differences import Difference
from ...catalog.identity import Identity
from ...catalog.snapshot import Snapshot
from ...compat import has_filters, option
from .models import Models, final_name

OPTION = "unmanaged"
_TYPES: dict[str, Any] = {
    "column": "column",
    "index": "index",
    "unique constraint": "unique_constraint",
    "foreign key": "foreign_key_constraint",
}


class Choice:
    """Tells what is left out of the comparison in ``schema``."""

    def __init__(
        self,
        context: AutogenContext,
        connection: Connection,
        metadata: Sequence[MetaData],
        schema: str,
    ) -> None:
        self._context, self._connection, self._schema = context, connection, schema
        self._models = Models(metadata)
        self._sides: tuple[Snapshot, ...] = ()
        self._reflected = lru_cache(None)(self._reflect)
        self._is_table_included = lru_cache(None)(self._ask_for_table)
        if option(context, "include_schemas"):
            raise CommandError(
                "include_schemas=True is not supported: one schema is compared, the first of the "
                "connection's search_path.\nNothing was compared. Take the option out of env.py."
            )

    @property
    def version_table(self) -> str | None:
        """The name of Alembic's table, where it is in this schema."""
        alembic = self._context.migration_context
        there = alembic.version_table_schema or self._schema
        return alembic.version_table if there == self._schema else None

    @cached_property
    def _patterns(self) -> list[str]:
        config = self._context.migration_context.config
        listed = (config.get_alembic_option(OPTION) if config else None) or ""
        lines = listed if isinstance(listed, list) else listed.splitlines()
        return [line.strip() for line in lines if line.strip()]

    def is_unmanaged(self, identity: Identity) -> bool:
        """Tell whether ``unmanaged`` lists an object, or what it belongs to."""
        return bool(self._patterns) and any(map(self._matches, _with_owners(identity)))

    def _matches(self, identity: Identity) -> bool:
        name = identity.name
        if identity.kind in ("function", "procedure", "aggregate"):
            name = unquoted(split_routine(name)[0])[0]
        called = (name, identity.name, f"{identity.kind} {name}", str(identity))
        return any(fnmatchcase(each, pattern) for pattern in self._patterns for each in called)

    def left_out(
        self, differences: Sequence[Difference], found: Snapshot, expected: Snapshot
    ) -> set[Identity]:
        """Return what of ``differences`` is none of the comparison's business."""
        self._sides = (found, expected)
        out = {each.identity for each in differences if not self._is_included(each)}
        for each in differences:
            # A sequence belongs where its column does.
            kind, _, name = each.identity
            if kind == "sequence owner" and each.found is not None:
                table = unquoted(each.found)[0]
                if not self._is_table_included(table) or self.is_unmanaged(
                    Identity("table", None, table)
                ):
                    out |= {each.identity, Identity("sequence", None, name)}
        return {
            each.identity for each in differences if not out.isdisjoint(_with_owners(each.identity))
        }

    def _is_included(self, difference: Difference) -> bool:
        if self.is_unmanaged(difference.identity):
            return False
        if not has_filters(self._context):
            return True
        for part in _with_owners(difference.identity):
            if part.kind == "table" and not self._is_table_included(part.name):
                return False
            if part.kind in _TYPES and not self._is_part_included(part):
                return False
        return True

    def _ask_for_table(self, name: str) -> bool:
        # Of a column's owners one exists, and may be a view.
        if not any(Identity("table", None, name) in side for side in self._sides):
            return True
        modelled, reflected = self._models.table(name), self._reflected(name)
        if reflected is not None and not self._context.run_name_filters(
            name, "table", {"schema_name": None}
        ):
            return False
        return self._ask(name, "table", modelled, reflected)

    def _is_part_included(self, part: Identity) -> bool:
        table, name, type_ = part.table or "", part.name, _TYPES[part.kind]
        modelled = _part(self._models.table(table), part)
        reflected = _part(self._reflected(table), part)
        names: Any = {"schema_name": None, "table_name": table}
        if reflected is not None and not self._context.run_name_filters(name, type_, names):
            return False
        return self._ask(name, type_, modelled, reflected)

    def _ask(self, name: str, type_: Any, modelled: Any, reflected: Any) -> bool:
        if modelled is not None:
            return self._context.run_object_filters(modelled, name, type_, False, reflected)
        if reflected is not None:
            return self._context.run_object_filters(reflected, name, type_, True, None)
        return True

    def _reflect(self, name: str) -> Table | None:
        try:
            return Table(name, MetaData(), autoload_with=self._connection, resolve_fks=False)
        except NoSuchTableError:
            return None


def _with_owners(identity: Identity) -> Iterator[Identity]:
    yield identity
    for owner in identity.owners:
        yield from _with_owners(owner)


def _part(table: Table | None, part: Identity) -> Any:
    if table is None:
        return None
    if part.kind == "column":
        return next((each for each in table.columns if each.name == part.name), None)
    items = table.indexes if part.kind == "index" else table.constraints
    return next((each for each in items if final_name(each) == part.name), None)
