"""The rows that go with one row, along foreign keys, as conditions in SQL."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from sqlalchemy import Table

from .deletion import Effect
from .schema import DIALECT

_REACHED = "reached"


class Going:
    """The rows that go with one row of ``root``, along ``effects``."""

    def __init__(
        self, root: Table, tables: Sequence[Table], effects: Sequence[Effect], value: str
    ) -> None:
        self._root = root.name
        self._tables = {table.name: table for table in tables}
        (key,) = root.primary_key.columns
        self._key, self._value = key.name, value
        self._effects = effects
        self.itself = f"{quote(self._key)} = {value}"

    def condition(self, table: str, effects: Iterable[Effect]) -> str | None:
        """Return the condition for the rows of ``table`` that are reached by one of ``effects``."""
        conditions = [self.itself] if table == self._root else []
        conditions += [self.through(effect) for effect in effects if effect.table == table]
        return " OR ".join(conditions) or None

    def below(self, table: str) -> set[str]:
        """Return the tables whose rows go with those of ``table``; itself only in a circle."""
        return self._below[table]

    def circle(self, table: str) -> set[str]:
        """Return the tables whose rows go with those of ``table`` and the other way round."""
        return {other for other in self._below[table] if table in self._below[other]}

    @cached_property
    def _below(self) -> dict[str, set[str]]:
        below: dict[str, set[str]] = {self._root: set()}
        for effect in self._effects:
            below.setdefault(effect.table, set())
            below.setdefault(effect.parent, set()).add(effect.table)
        for _ in below:
            for children in below.values():
                children.update(*(below[child] for child in list(children)))
        return below

    def directly(self, effect: Effect) -> str:
        """Return the condition for the rows that refer to the row of the root itself."""
        if effect.referenced == self._key:
            return f"{quote(effect.column)} = {self._value}"
        return self._in_parent(effect, self.itself)

    def through(self, effect: Effect) -> str:
        """Return the condition for the rows whose parent in ``effect`` goes."""
        circle = self.circle(effect.parent)
        if circle:
            return f"{quote(effect.column)} IN ({self._recursion(circle, effect)})"
        if effect.parent == self._root:
            return self.directly(effect)
        return self._in_parent(effect, self.condition(effect.parent, self._effects))

    @staticmethod
    def _in_parent(effect: Effect, where: str | None) -> str:
        parents = f"SELECT {quote(effect.referenced)} FROM {quote(effect.parent)} WHERE {where}"  # noqa: S608
        return f"{quote(effect.column)} IN ({parents})"

    def _recursion(self, circle: set[str], wanted: Effect) -> str:
        """Return the query for what ``wanted`` refers to in a circle, going round it to the end."""
        within = [e for e in self._effects if e.table in circle and e.parent in circle]
        from_outside = [e for e in self._effects if e.table in circle and e.parent not in circle]
        columns = list(dict.fromkeys((e.parent, e.referenced) for e in (*within, wanted)))

        def select(table: str, where: str) -> str:
            shown = (
                f"{quote(table)}.{quote(column)}" if owner == table else self._null(owner, column)
                for owner, column in columns
            )
            return f"SELECT {', '.join(shown)} FROM {quote(table)} WHERE {where}"  # noqa: S608

        first = [
            select(table, self.condition(table, from_outside) or "false")
            for table in dict.fromkeys(owner for owner, _ in columns)
        ]
        further = []
        for effect in within:
            child = f"{quote(effect.table)}.{quote(effect.column)}"
            parent = f"{_REACHED}.{_name(effect.parent, effect.referenced)}"
            further.append(select(effect.table, f"{child} = {parent}"))
        names = ", ".join(_name(*column) for column in columns)
        return (
            f"WITH RECURSIVE {_REACHED} ({names}) AS (({' UNION ALL '.join(first)})"  # noqa: S608
            f" UNION SELECT further.* FROM {_REACHED},"
            f" LATERAL ({' UNION ALL '.join(further)}) AS further)"
            f" SELECT {_name(wanted.parent, wanted.referenced)} FROM {_REACHED}"
        )

    def _null(self, table: str, column: str) -> str:
        type_ = self._tables[table].columns[column].type
        return f"CAST(NULL AS {type_.compile(dialect=DIALECT)})"


def _name(table: str, column: str) -> str:
    return quote(f"{table}_{column}")


def quote(name: str) -> str:
    """Return ``name`` as an SQL identifier, in quotes only if it needs them."""
    return str(DIALECT.identifier_preparer.quote(name))
