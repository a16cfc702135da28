"""Which hazards lie in what a statement did: all from PostgreSQL's catalog before and after it."""

from collections.abc import Iterable, Iterator

from ..catalog.casts import Types
from ..catalog.identity import Identity
from ..revisions.hazards import Hazard
from .effects import Effects, Lock
from .modes import who_waits
from .observation import Observation
from .tracing import Traced

Found = tuple[Hazard, dict[str, object]]

_EXCLUDES = "exclusion constraint"
_RULES = {
    "c": "check constraint",
    "f": "foreign key",
    "n": "not null",
    "x": _EXCLUDES,
}
_ADDED = {
    "check constraint": Hazard.RULE_ADDED,
    "exclusion constraint": Hazard.RULE_ADDED,
    "foreign key": Hazard.FOREIGN_KEY_ADDED,
    "not null": Hazard.NOT_NULL_SET,
}


def hazards_of(traced: Traced, effects: Effects, fitting: Types) -> list[Found]:
    """Return the hazards of ``traced``, whose effects are ``effects``."""
    judge = _Judge(traced, effects, fitting)
    return [*judge.data(), *judge.rows(), *judge.waiting(), *judge.code()]


def narrowed_columns(traced: Traced, effects: Effects, fitting: Types) -> list[tuple[int, int]]:
    """Return the columns that get a type which may not take every row that is there."""
    return list(_Judge(traced, effects, fitting).narrowed())


def rules_read_for(traced: Traced, effects: Effects, fitting: Types) -> tuple[Identity, ...]:
    """Return the rules that hold for all rows from now on, and for which they had to be read."""
    return tuple(_Judge(traced, effects, fitting).rules)


def blocking_locks(effects: Effects) -> list[Lock]:
    """Return the locks on tables that readers or writers wait for while ``effects`` take time.

    What takes time is what has to do with rows; a lock that is only taken is gone in a moment.
    """
    if not worked_on(effects):
        return []
    return [
        lock for lock in effects.held if who_waits(lock.mode) and not lock.kind.endswith("index")
    ]


def worked_on(effects: Effects) -> set[str]:
    """Return the tables (and indexes) whose rows are read or written."""
    built = {index.table for index in effects.builds}
    changed = set(effects.written) if effects.depends_on_rows else set()
    return {*effects.scans, *effects.rewrites, *built, *changed}


class _Judge:
    def __init__(self, traced: Traced, effects: Effects, fitting: Types) -> None:
        self.start, self.before, self.after = traced.start, traced.before, traced.after
        self.known = traced.start.relations
        self.effects = effects
        self.fitting = fitting
        self.tables = {
            relation.name: traced.start.outermost(relation.table or oid).name
            for oid, relation in self.known.items()
        }
        self.rewritten = self._outermost(effects.rewrites)
        self.read = self._outermost(effects.scans) | self.rewritten
        self.rules = dict(self._rules_that_were_read_for())

    def data(self) -> Iterator[Found]:
        """Yield what is lost."""
        gone = self.before.relations.keys() - self.after.relations.keys()
        for oid in sorted(gone & self.known.keys()):
            relation = self.known[oid]
            if relation.is_table and relation.parent not in gone:
                yield Hazard.TABLE_DROPPED, {"name": relation.name}
        dropped = [
            key
            for key, column in self.before.columns.items()
            if key[0] in self.known and key not in self.after.columns and not column.generated
        ]
        for key in dropped:
            if key[0] not in gone:
                yield Hazard.COLUMN_DROPPED, {"name": self._column(self.before, key)}
        for oid in sorted(gone & self.known.keys()):
            # The sequence of a column goes with it.
            if self.known[oid].kind == "sequence" and not dropped:
                yield Hazard.SEQUENCE_DROPPED, {"name": self.known[oid].name}
        for name in sorted(self._outermost(self.effects.emptied)):
            yield Hazard.TABLE_EMPTIED, {"name": name}

    def rows(self) -> Iterator[Found]:
        """Yield what rows may not fit."""
        for key, column in self.after.columns.items():
            if key[0] not in self.known:
                continue
            was, name = self.before.columns.get(key), self._column(self.after, key)
            if was is None and column.not_null and not column.filled:
                yield Hazard.REQUIRED_COLUMN_ADDED, {"name": name}
        for key in self.narrowed():
            old, new = self.before.columns[key].type, self.after.columns[key].type
            name = self._column(self.before, key)
            yield Hazard.TYPE_NARROWED, {"name": name, "old": old, "new": new}
        for rule in self.rules:
            name = f"{rule.table}.{rule.name}" if rule.kind == "not null" else str(rule)
            yield _ADDED[rule.kind], {"name": name}
        was_unique = {each.name for each in self.before.relations.values() if each.unique}
        built = {index.whole for index in self.effects.builds} - was_unique
        for relation in self.after.relations.values():
            if relation.name in built and relation.unique:
                yield Hazard.UNIQUE_ADDED, {"name": f"unique index {relation.name}"}

    def waiting(self) -> Iterator[Found]:
        """Yield what others wait for."""
        for name in sorted(self.rewritten):
            yield Hazard.TABLE_REWRITTEN, {"name": name}
        waiting = {lock.table: who_waits(lock.mode) for lock in blocking_locks(self.effects)}
        if not waiting:
            return
        explained = set(self.rewritten)
        built = {each.whole: self.tables[each.table] for each in self.effects.builds}
        excluding = {rule.name for rule in self.rules if rule.kind == _EXCLUDES}
        behind = {each.name for each in self.after.relations.values() if each.bare in excluding}
        for index, table in sorted(built.items()):
            explained.add(table)
            if table in waiting and index not in behind:
                only_writers = waiting[table] == "writers"
                hazard = Hazard.INDEX_BLOCKS_WRITERS if only_writers else Hazard.INDEX_BLOCKS
                yield hazard, {"name": f"index {index}", "table": table}
        for rule, table in self.rules.items():
            if table in waiting:
                explained.add(table)
                excludes = rule.kind == _EXCLUDES
                yield (
                    Hazard.EXCLUSION_BLOCKS if excludes else Hazard.CHECKED_UNDER_LOCK,
                    {"name": rule},
                )
        everyone = set(waiting.values()) - {"writers"}
        names: dict[str, object] = {
            "waiting": everyone.pop() if everyone else "writers",
            "tables": ", ".join(sorted(waiting)),
        }
        if self.effects.depends_on_rows:
            over = sorted(self.read | self._outermost(self.effects.written))
            yield Hazard.ROWS_UNDER_LOCK, {"name": ", ".join(over), **names}
            return
        for name in sorted(self.read - explained):
            yield Hazard.TABLE_READ, {"name": name, **names}

    def code(self) -> Iterator[Found]:
        """Yield what running code does not find any more."""
        for oid in self.known.keys() & self.before.relations.keys() & self.after.relations.keys():
            was, now = self.before.relations[oid], self.after.relations[oid]
            if was.is_table and now.name != was.name:
                yield Hazard.TABLE_RENAMED, {"name": was.name}
        for key in self.before.columns.keys() & self.after.columns.keys():
            was_called = self.before.columns[key].name
            if key[0] in self.known and self.after.columns[key].name != was_called:
                yield Hazard.COLUMN_RENAMED, {"name": self._column(self.before, key)}

    def _rules_that_were_read_for(self) -> Iterator[tuple[Identity, str]]:
        """Yield each rule that holds for all rows from now on, with the name of its table.

        A rule for which nothing had to be read, as another one proves it, is not among them.
        """
        for key, column in self.after.columns.items():
            was = self.before.columns.get(key)
            if was and column.not_null and not was.not_null and self._is_read(key[0]):
                yield self._rule(key[0], "not null", column.name)
        for oid, rule in self.after.constraints.items():
            before = self.before.constraints.get(oid)
            if rule.type not in _RULES or not rule.valid or (before and before.valid):
                continue
            if rule.of in self.known and self._is_read(rule.of):
                key = (rule.of, rule.column or 0)
                if rule.type != "n":
                    yield self._rule(rule.of, _RULES[rule.type], rule.name)
                elif key in self.before.columns:
                    yield self._rule(rule.of, "not null", self.after.columns[key].name)

    def _rule(self, table: int, kind: str, name: str) -> tuple[Identity, str]:
        relation = self.start.outermost(table)
        return Identity(kind, relation.bare, name), relation.name

    def narrowed(self) -> Iterator[tuple[int, int]]:
        """Yield the columns whose new type may not take all values: the rows are written anew."""
        for key, now in self.after.columns.items():
            was = self.before.columns.get(key)
            if was is None or key[0] not in self.known:
                continue
            if self.start.outermost(key[0]).name not in self.rewritten:
                continue
            if was.type != now.type and (was.type, now.type) not in self.fitting:
                yield key

    def _is_read(self, table: int) -> bool:
        return self.start.outermost(table).name in self.read

    def _outermost(self, names: Iterable[str]) -> set[str]:
        return {self.tables[name] for name in names}

    def _column(self, observation: Observation, key: tuple[int, int]) -> str:
        return f"{self.known[key[0]].name}.{observation.columns[key].name}"
