"""Models that nobody wrote: drawn at random, with names that need care."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects import postgresql as pg

from tests.autogenerate.foreign.project import handler

_PREPARER = pg.dialect(paramstyle="named").identifier_preparer  # type: ignore[no-untyped-call]
_NAMES = [
    "plain", "Capital", "two words", 'a"quote', "it's", "per%cent", "%(name)s", "co:lon", "order",
    "values", "user", "a$b", "x" * 63, "ümlaut", "back\\slash", "f(x)", "a.b",
]  # fmt: skip
_VALUES = ("a", "b", "It's", "50%", ":c", 'q"', "back\\slash")
# A column keeps to its family: PostgreSQL casts from each of these types to each other.
_FAMILIES: dict[str, list[Any]] = {
    "text": [Text, String(20), String(40), sa.CHAR(30)],
    "number": [sa.SmallInteger, Integer, sa.BigInteger],
    "exact": [sa.Numeric(10, 2), sa.Numeric(12, 3), sa.Numeric],
    "when": [sa.DateTime, sa.DateTime(timezone=True), sa.Date],
    "items": [pg.ARRAY(Integer), pg.ARRAY(sa.BigInteger)],
    "range": [pg.INT4RANGE],
    "document": [pg.JSONB],
    "flag": [sa.Boolean],
    "id": [sa.Uuid],
    "enum": ["enum"],
    "enums": ["enums"],
    "domain": ["domain"],
}
_DEFAULTS = {"text": "'50% of :it'", "number": "7", "flag": "true", "when": "now()"}


@dataclass(frozen=True)
class DrawnColumn:
    """A column: its family, which of its types, and what else it is."""

    family: str
    which: int
    nullable: bool
    has_default: bool
    comment: str | None


@dataclass(frozen=True)
class DrawnTable:
    """A table: its columns by name, and what stands on them."""

    columns: dict[str, DrawnColumn]
    extras: frozenset[str]
    prefix: str
    """What the names of constraints and indexes begin with."""


@dataclass(frozen=True)
class Drawn:
    """All that the models of an example declare."""

    tables: dict[str, DrawnTable]
    values: Sequence[str]
    least: int
    """What the domain's CHECK admits."""

    def build(self) -> MetaData:
        """Return new metadata."""
        metadata = MetaData()
        for name, drawn in sorted(self.tables.items()):
            _Building(metadata, self, name, drawn).build()
        return metadata


class _Building:
    """One table being added to metadata, with what stands on it."""

    def __init__(self, metadata: MetaData, all_: Drawn, name: str, drawn: DrawnTable) -> None:
        self.metadata, self.all, self.name, self.drawn = metadata, all_, name, drawn
        self.others = [each for each in metadata.tables.values() if "key" in each.c]
        self.quoted = _PREPARER.quote_identifier(name)
        self.value = all_.values[0].replace("'", "''")

    def build(self) -> None:
        columns = [self._column(*each) for each in sorted(self.drawn.columns.items())]
        key = Column("key", Integer, primary_key=True)
        self.table = Table(self.name, self.metadata, key, *columns)
        self.first = columns[0]
        self.key = key
        for extra in sorted(self.drawn.extras):
            EXTRAS[extra](self)

    def _column(self, name: str, drawn: DrawnColumn) -> Column[Any]:
        types = _FAMILIES[drawn.family]
        default = _DEFAULTS.get(drawn.family)
        if drawn.family == "enum":
            default = f"'{self.value}'"
        return Column(
            name,
            self._type(types[drawn.which % len(types)]),
            nullable=drawn.nullable,
            server_default=sa.text(default.replace(":", r"\:"))
            if default and drawn.has_default
            else None,
            comment=drawn.comment,
        )

    def _type(self, type_: Any) -> Any:
        enum = sa.Enum(*self.all.values, name="Kind %", metadata=self.metadata)
        match type_:
            case "enum":
                return enum
            case "enums":
                return pg.ARRAY(enum)
            case "domain":
                return pg.DOMAIN("above %", Integer, check=f"VALUE > {self.all.least}")
        return type_

    def named(self, kind: str) -> str:
        """Return a name for something of ``kind`` on the table."""
        short = self.name.encode()[:40].decode(errors="ignore")
        return f"{self.drawn.prefix}{kind} {short}"

    def after(self, sql: str) -> None:
        """Have ``sql`` executed once the table is there."""
        handler(self.table, "after_create", sql)

    def quote(self, kind: str) -> str:
        """Return :meth:`named` in quotes."""
        return str(_PREPARER.quote_identifier(self.named(kind)))

    def add_enum(self, name: str) -> Column[Any]:
        """Add a column of the enum, and return it."""
        column = Column(name, self._type("enum"))
        self.table.append_column(column)
        return column


EXTRAS: dict[str, Callable[[_Building], None]] = {}


def _extra(function: Callable[[_Building], None]) -> Callable[[_Building], None]:
    EXTRAS[function.__name__.strip("_")] = function
    return function


@_extra
def _index(b: _Building) -> None:
    sa.Index(b.named("ix"), b.first, b.key.desc())


@_extra
def _expression_index(b: _Building) -> None:
    sa.Index(b.named("ie"), b.key + 1, b.key % 7, postgresql_include=[b.first.name])


@_extra
def _partial_index(b: _Building) -> None:
    sa.Index(b.named("ip"), b.key, unique=True, postgresql_where=b.first.isnot(None))


@_extra
def _partial_index_on_enum(b: _Building) -> None:
    kind = b.add_enum("kind")
    sa.Index(b.named("ik"), b.key, postgresql_where=kind == b.all.values[0])


@_extra
def _unique(b: _Building) -> None:
    b.table.append_constraint(sa.UniqueConstraint(b.key, b.first, name=b.named("uq%")))


@_extra
def _deferred(b: _Building) -> None:
    b.table.append_constraint(sa.UniqueConstraint(b.key, name=b.named("de"), deferrable=True))


@_extra
def _check(b: _Building) -> None:
    condition = b.first.isnot(None) | (b.key % 2 == 0)
    b.table.append_constraint(sa.CheckConstraint(condition, name=b.named("ck")))


@_extra
def _check_on_enum(b: _Building) -> None:
    kind = b.add_enum("checked")
    b.table.append_constraint(sa.CheckConstraint(kind != b.all.values[0], name=b.named("ce")))


@_extra
def _foreign_key(b: _Building) -> None:
    target = b.others[-1] if b.others else b.table
    column = Column("other", Integer)
    b.table.append_column(column)
    key = sa.ForeignKeyConstraint([column], [target.c.key], b.named("fk"), ondelete="CASCADE")
    b.table.append_constraint(key)


@_extra
def _generated(b: _Building) -> None:
    b.table.append_column(Column("twice", Integer, sa.Computed("key * 2", persisted=True)))


@_extra
def _generated_from_enum(b: _Building) -> None:
    b.add_enum("source")
    said = f"CASE WHEN source = '{b.value}' THEN 1 ELSE 0 END"
    computed = sa.Computed(sa.text(said.replace(":", r"\:")), persisted=True)
    b.table.append_column(Column("is_first", Integer, computed))


@_extra
def _identity(b: _Building) -> None:
    b.table.append_column(Column("number", sa.BigInteger, sa.Identity(start=7, cycle=True)))


@_extra
def _sequence(b: _Building) -> None:
    counter = sa.Sequence(b.named("seq"), increment=2, metadata=b.metadata)
    b.table.append_column(Column("counted", Integer, server_default=counter.next_value()))


@_extra
def _exclusion(b: _Building) -> None:
    b.table.append_column(Column("span", pg.INT4RANGE))
    b.table.append_constraint(pg.ExcludeConstraint(("span", "&&"), name=b.named("ex")))


@_extra
def _view(b: _Building) -> None:
    b.after(f"CREATE VIEW {b.quote('v')} AS SELECT * FROM {b.quoted}")
    b.after(f"COMMENT ON VIEW {b.quote('v')} IS '100% said'")


@_extra
def _materialized_view(b: _Building) -> None:
    columns = f"key, {_PREPARER.quote_identifier(b.first.name)}"
    b.after(f"CREATE MATERIALIZED VIEW {b.quote('m')} AS SELECT {columns} FROM {b.quoted}")
    b.after(f"CREATE UNIQUE INDEX {b.quote('mi')} ON {b.quote('m')} (key)")


@_extra
def _policy(b: _Building) -> None:
    b.after(f"ALTER TABLE {b.quoted} ENABLE ROW LEVEL SECURITY")
    b.after(f"CREATE POLICY {b.quote('p')} ON {b.quoted} USING (key % 2 > 0)")


@_extra
def _trigger(b: _Building) -> None:
    b.after(
        f"CREATE FUNCTION {b.quote('f')}() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'"
    )
    b.after(
        f"CREATE TRIGGER {b.quote('t:x')} BEFORE INSERT ON {b.quoted} FOR EACH ROW"
        f" WHEN (NEW.key % 2 = 0) EXECUTE FUNCTION {b.quote('f')}()"
    )


@_extra
def _function_of_enum(b: _Building) -> None:
    b.add_enum("given")
    b.after(
        f'CREATE FUNCTION {b.quote("g")}(k "Kind %") RETURNS boolean LANGUAGE sql IMMUTABLE'
        f" AS $$SELECT k = '{b.value}'$$"
    )
    b.after(f"CREATE INDEX {b.quote('ig')} ON {b.quoted} ({b.quote('g')}(given))")


@_extra
def _function_of_row(b: _Building) -> None:
    b.after(
        f"CREATE FUNCTION {b.quote('r')}(r {b.quoted}) RETURNS integer LANGUAGE sql"
        " BEGIN ATOMIC SELECT (r).key; END"
    )


@_extra
def _heir(b: _Building) -> None:
    b.after(f"CREATE TABLE {b.quote('h')} (own text) INHERITS ({b.quoted})")
    b.after(f"CREATE TABLE {b.quote('hh')} () INHERITS ({b.quote('h')})")


def _parted(by: str) -> Callable[[_Building], None]:
    def build(b: _Building) -> None:
        parted = Table(
            b.named(by),
            b.metadata,
            Column("k", Integer, nullable=False),
            b.first._copy(),
            postgresql_partition_by=f"{by} (k)",
        )
        sa.Index(b.named(f"i{by}"), parted.c.k, parted.c[b.first.name])
        parted.append_constraint(sa.UniqueConstraint("k", name=b.named(f"u{by}")))
        values = {
            "LIST": "IN (1)", "HASH": "WITH (MODULUS 1, REMAINDER 0)", "RANGE": "FROM (1) TO (9)"
        }[by]  # fmt: skip
        handler(
            parted,
            "after_create",
            f"CREATE TABLE {b.quote(f'1{by}')} PARTITION OF {b.quote(by)} FOR VALUES {values}",
        )

    return build


EXTRAS |= {f"parted by {by}": _parted(by) for by in ("LIST", "HASH", "RANGE")}


_columns = st.builds(
    DrawnColumn,
    st.sampled_from(sorted(_FAMILIES)),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "said", "100% of 'it': \\"]),
)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Drawn, Drawn]:
    """Draw models before and after a change."""
    families = {name: draw(st.sampled_from(sorted(_FAMILIES))) for name in _NAMES}

    def table() -> DrawnTable:
        names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4, unique=True))
        columns = {name: replace(draw(_columns), family=families[name]) for name in names}
        extras = draw(st.sets(st.sampled_from(sorted(EXTRAS)), max_size=5))
        return DrawnTable(columns, frozenset(extras), draw(st.sampled_from(["", "", "other "])))

    def side() -> Drawn:
        names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True))
        values = draw(st.lists(st.sampled_from(_VALUES), min_size=1, max_size=5, unique=True))
        return Drawn({name: table() for name in names}, values, draw(st.integers(0, 1)))

    before = side()
    if draw(st.booleans()):
        return before, side()
    # A small change is the usual one.
    name = draw(st.sampled_from(sorted(before.tables)))
    values = draw(st.permutations(before.values))[: draw(st.integers(1, len(before.values)))]
    return before, replace(before, tables={**before.tables, name: table()}, values=values)
