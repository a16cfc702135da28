"""What one statement did: the difference between what there was before and after it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .modes import MODES, WRITE, strength
from .tracing import Traced

# What PostgreSQL calls statements that find their rows, and those that may run any other.
_OVER_ROWS = ("UPDATE", "DELETE", "MERGE")
_RUNS_OTHERS = ("CALL", "DO", "INSERT", "REFRESH", "SELECT", "")
_EMPTIES = "TRUNCATE"
_ALONE = MODES.index("ShareUpdateExclusiveLock")


@dataclass(frozen=True)
class Lock:
    """A lock on a relation: its mode, as ``pg_locks`` prints it.

    ``table`` is what an index or a partition belongs to in the end; else the relation itself.
    """

    relation: str
    mode: str
    kind: str
    table: str


@dataclass(frozen=True)
class Built:
    """An index that was built from the rows of a table.

    ``whole`` is what it is part of if the table is a partition; else the index itself.
    """

    name: str
    table: str
    whole: str


@dataclass(frozen=True)
class Effects:
    """What a statement did to what others could see before.

    ``locks`` are those it took, ``held`` the strongest one on each relation while it ran, taken by
    itself or earlier in its transaction. Partitions stand beside their tables everywhere.
    """

    locks: tuple[Lock, ...]
    held: tuple[Lock, ...]
    rewrites: tuple[str, ...]
    scans: tuple[str, ...]
    builds: tuple[Built, ...]
    emptied: tuple[str, ...]
    written: tuple[str, ...]
    depends_on_rows: bool


def effects_of(traced: Traced) -> Effects:
    """Return what ``traced`` did."""
    return _Reading(traced).effects()


class _Reading:
    def __init__(self, traced: Traced) -> None:
        self.start, self.before, self.after = traced.start, traced.before, traced.after
        self.known = traced.start.relations
        self.tag = traced.tag.partition(" ")[0]
        self.alone = traced.alone
        self.new_locks = {
            oid: modes - (frozenset() if traced.alone else self.before.locks.get(oid, frozenset()))
            for oid, modes in self.after.locks.items()
            if oid in self.known
        }
        self.scanned = {
            oid
            for oid, relation in self.before.relations.items()
            if oid in self.known and self._scans_after(oid) > relation.scans
        }
        files = {relation.file for relation in self.before.relations.values()} | {None}
        self.new_files = {
            oid for oid, relation in self.after.relations.items() if relation.file not in files
        }

    def effects(self) -> Effects:
        rewritten = {
            oid
            for oid in self.new_files
            if oid in self.known and self.known[oid].kind in ("table", "materialized view")
        }
        emptied = rewritten if self.tag == _EMPTIES else set()
        written = {oid for oid, modes in self.new_locks.items() if WRITE in modes}
        return Effects(
            locks=tuple(self._locks(self.new_locks)),
            held=tuple(self._locks(self._strongest())),
            rewrites=self._names(rewritten - emptied),
            scans=self._names(self.scanned - emptied),
            builds=tuple(self._built(rewritten)),
            emptied=self._names(emptied),
            written=self._names(oid for oid in written if self.known[oid].is_table),
            depends_on_rows=self._depends_on_rows(),
        )

    def _scans_after(self, oid: int) -> int:
        relation = self.after.relations.get(oid)
        return relation.scans if relation else 0

    def _strongest(self) -> dict[int, frozenset[str]]:
        return {
            oid: frozenset([max(modes, key=strength)])
            for oid, modes in self.after.locks.items()
            if oid in self.known
        }

    def _locks(self, locks: dict[int, frozenset[str]]) -> Iterator[Lock]:
        by_name = sorted(locks.items(), key=lambda item: self.known[item[0]].name)
        for oid, modes in by_name:
            relation = self.known[oid]
            table = self.start.outermost(relation.table or oid).name
            for mode in sorted(modes, key=strength):
                yield Lock(relation.name, mode, relation.kind, table)

    def _built(self, rewritten: Collection[int]) -> Iterator[Built]:
        """Yield the indexes made of rows that were there, other than with their tables anew."""
        for oid in sorted(self.new_files, key=lambda oid: self.after.relations[oid].name):
            index = self.after.relations[oid]
            if index.kind == "index" and index.table in self.known.keys() - rewritten:
                whole = self.after.outermost(oid).name
                yield Built(index.name, self.known[index.table].name, whole)

    def _names(self, oids: Collection[int] | Iterator[int]) -> tuple[str, ...]:
        return tuple(sorted(self.known[oid].name for oid in oids))

    def _depends_on_rows(self) -> bool:
        """Tell whether the rows, of which there are none here, decide what it does.

        A table that a DO block or a function reads without a lock of its own that DDL takes is
        read by a query. What reads the table that a foreign key refers to may be its validation.
        """
        if self.tag in _OVER_ROWS or (self.alone and self.tag in _RUNS_OTHERS):
            return True
        if self.tag not in _RUNS_OTHERS:
            return any(
                WRITE in modes and self.known[oid].is_table for oid, modes in self.new_locks.items()
            )
        altered = {oid for oid, modes in self.new_locks.items() if _is_alone(modes)}
        referenced = {
            key.references for key in self.after.constraints.values() if key.of in altered
        }
        read = {self.known[oid].table or oid for oid in self.scanned}
        return bool(read - altered - referenced)


def _is_alone(modes: frozenset[str]) -> bool:
    return any(strength(mode) >= _ALONE for mode in modes)
