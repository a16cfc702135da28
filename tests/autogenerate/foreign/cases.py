"""Models as others write them: each case is a list of metadata, one after the other."""

import decimal
import enum
import uuid
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.types import CHAR, TypeDecorator, TypeEngine, UserDefinedType

from tests.autogenerate.foreign.project import Build, built, handler

Case = Callable[[], Sequence[Build]]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """Add ``function`` to the cases, under its own name."""
    CASES[function.__name__] = function
    return function


def stages(name: str) -> list[MetaData]:
    """Return the metadata of case ``name``, one after the other."""
    return [built(build) for build in CASES[name]()]


def table(name: str, *parts: Any, **how: Any) -> Build:
    """Return what adds a table to metadata: copies of columns, and what ``parts`` make else."""

    def build(metadata: MetaData) -> Table:
        return Table(
            name,
            metadata,
            *(each._copy() if isinstance(each, Column) else each() for each in parts),
            **how,
        )

    return build


def together(*builds: Build) -> Build:
    """Return what does all of ``builds``."""

    def build(metadata: MetaData) -> None:
        for each in builds:
            each(metadata)

    return build


def on(name: str, sql: str) -> Build:
    """Return what has metadata execute ``sql``."""
    return lambda metadata: handler(metadata, name, sql)


def key(**how: Any) -> Column[Any]:
    """Return the primary key of most tables."""
    return Column("id", Integer, primary_key=True, **how)


# Keys: serial, identity, none


def _joined(m: MetaData) -> None:
    Table("employee", m, key(), Column("kind", String(20)))
    Table("manager", m, Column("id", ForeignKey("employee.id"), primary_key=True))
    Table("boss", m, Column("id", Integer, ForeignKey("manager.id"), primary_key=True))


@case
def joined_inheritance() -> Sequence[Build]:
    return [_joined, together(_joined, lambda m: m.tables["boss"].append_column(Column("x", Text)))]


@case
def key_without_autoincrement() -> Sequence[Build]:
    return [
        table("a", Column("id", Integer, primary_key=True, autoincrement=False)),
        together(
            table("a", Column("id", Integer, primary_key=True, autoincrement=False)),
            table("b", Column("id", sa.BigInteger, primary_key=True, autoincrement=False)),
        ),
    ]


@case
def composite_keys() -> Sequence[Build]:
    return [
        together(
            table(
                "a", Column("x", Integer, primary_key=True), Column("y", Integer, primary_key=True)
            ),
            table(
                "b",
                Column("x", Integer, primary_key=True, autoincrement=True),
                Column("y", Integer, primary_key=True),
            ),
            table("c", Column("x", sa.SmallInteger, primary_key=True), Column("y", Text)),
            table("d", Column("x", sa.BigInteger, primary_key=True)),
            table("e", Column("x", sa.Numeric(10, 0), primary_key=True)),
        )
    ]


@case
def identity_keys() -> Sequence[Build]:
    plain = table("a", Column("id", Integer, primary_key=True, autoincrement=False))
    return [
        plain,
        table("a", key()),
        plain,
        table("a", Column("id", Integer, sa.Identity(), primary_key=True)),
        table("a", Column("id", Integer, sa.Identity(always=True, start=5), primary_key=True)),
        table("a", key()),
        table("a", Column("id", sa.BigInteger, sa.Identity(), primary_key=True)),
        table("a", Column("id", Integer, sa.Identity(), primary_key=True)),
    ]


@case
def sequence_as_default() -> Sequence[Build]:
    return [
        table("a", Column("id", Integer, sa.Sequence("a_numbers"), primary_key=True)),
        table(
            "a",
            Column("id", Integer, sa.Sequence("a_numbers"), primary_key=True),
            Column("n", Integer, sa.Sequence("more", start=10), nullable=True),
        ),
    ]


@case
def sequence_as_server_default() -> Sequence[Build]:
    def build(m: MetaData) -> None:
        sequence = sa.Sequence("counted", start=7, increment=2, metadata=m)
        Table(
            "a",
            m,
            Column("id", Integer, sequence, server_default=sequence.next_value(), primary_key=True),
        )

    def optional(m: MetaData) -> None:
        Table("b", m, Column("id", Integer, sa.Sequence("never", optional=True), primary_key=True))

    return [build, together(build, optional)]


@case
def serial_key_comes_to_a_table() -> Sequence[Build]:
    plain = table("a", Column("name", Text))
    return [
        plain,
        table("a", Column("name", Text), Column("id", Integer, primary_key=True)),
        plain,
        table("a", Column("name", Text), Column("id", sa.BigInteger, primary_key=True)),
        table(
            "a",
            Column("name", Text),
            Column("id", sa.BigInteger, sa.Sequence("q"), primary_key=True),
        ),
    ]


@case
def serial_in_names_that_need_quotes() -> Sequence[Build]:
    names = [
        "values",
        "a$b",
        "order",
        "User",
        "two words",
        'quo"te',
        "per%cent",
        "co:lon",
        "between",
        "coalesce",
        "row",
        "x" * 63,
        "ü",
    ]
    return [
        together(*(table(name, Column(name, Integer, primary_key=True)) for name in names)),
        together(
            *(
                table(
                    name,
                    Column(name, Integer, primary_key=True),
                    Column("Group", sa.Integer, index=True),
                    Column("sum%", Text, server_default="50%", comment="100%: all"),
                    comment="of 100%, or :half",
                )
                for name in names
            )
        ),
    ]


# Types


class Seconds(TypeDecorator[Any]):
    impl = sa.Interval
    cache_ok = True


class GUID(TypeDecorator[uuid.UUID]):
    """As in SQLAlchemy's documentation."""

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(pg.UUID())
        return dialect.type_descriptor(CHAR(32))


class Json(TypeDecorator[Any]):
    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(pg.JSONB(astext_type=Text()))


class Money(TypeDecorator[decimal.Decimal]):
    impl = sa.Numeric(12, 2)
    cache_ok = True


class Tags(TypeDecorator[Any]):
    impl = pg.ARRAY(String(30))
    cache_ok = True


class Twice(TypeDecorator[Any]):
    impl = Money
    cache_ok = True


class Collated(TypeDecorator[Any]):
    impl = String(10, collation="C")
    cache_ok = True


class Xml(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "XML"


class Point(UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, what: str = "POINT") -> None:
        self.what = what

    def get_col_spec(self, **_: Any) -> str:
        return self.what


class Mood(enum.Enum):
    SAD = "sad"
    OK = "ok"


TYPES: dict[str, Any] = {
    "interval": sa.Interval,
    "interval_precise": sa.Interval(second_precision=3),
    "interval_fields": pg.INTERVAL(fields="DAY TO SECOND", precision=2),
    "intervals": pg.ARRAY(sa.Interval),
    "seconds": Seconds,
    "seconds_each": sa.ARRAY(Seconds),
    "guid": GUID,
    "guids": pg.ARRAY(GUID),
    "json": Json,
    "json_variant": sa.JSON().with_variant(pg.JSONB(), "postgresql"),
    "text_variant": String(5).with_variant(pg.CITEXT() if False else Text(), "postgresql"),
    "enum_variant": String(5).with_variant(pg.ENUM("a", "b", name="e_variant"), "postgresql"),
    "own_variant": String(5).with_variant(Point("circle"), "postgresql"),
    "variant_of_other": String(5).with_variant(String(9), "mysql"),
    "big_variant": sa.BigInteger().with_variant(sa.Integer, "sqlite"),
    "money": Money,
    "twice": Twice,
    "tags": Tags,
    "collated": Collated,
    "xml": Xml,
    "point": Point(),
    "points": pg.ARRAY(Point()),
    "pickle": sa.PickleType,
    "binary": sa.LargeBinary(10),
    "unicode": sa.Unicode(12),
    "unicode_text": sa.UnicodeText,
    "uuid": sa.Uuid,
    "uuid_as_text": sa.Uuid(native_uuid=False),
    "uuid_upper": sa.UUID(as_uuid=False),
    "mood": sa.Enum(Mood, name="mood"),
    "mood_text": sa.Enum(Mood, native_enum=False, length=9),
    "mood_checked": sa.Enum(Mood, native_enum=False, create_constraint=True, name="ck_mood"),
    "mood_nameless": sa.Enum("x", "yy", native_enum=False, create_constraint=True),
    "moods": pg.ARRAY(sa.Enum(Mood, name="moods_each")),
    "mood_enum": pg.ENUM(Mood, name="mood_enum"),
    "boolean_checked": sa.Boolean(create_constraint=True, name="ck_bool"),
    "boolean": sa.Boolean,
    "datetime": sa.DateTime,
    "timestamptz": sa.TIMESTAMP(timezone=True),
    "timestamp_precise": pg.TIMESTAMP(precision=3),
    "time_plain": sa.Time,
    "time": pg.TIME(timezone=True, precision=2),
    "date": sa.Date,
    "real": sa.REAL,
    "float": sa.Float(24),
    "float53": sa.Float(53),
    "double": sa.Double,
    "numeric": sa.Numeric,
    "numeric_wide": sa.Numeric(20),
    "bit": pg.BIT(3),
    "bit_varying": pg.BIT(5, varying=True),
    "inet": pg.INET,
    "cidr": pg.CIDR,
    "macaddr": pg.MACADDR8,
    "money_pg": pg.MONEY,
    "oid": pg.OID,
    "regclass": pg.REGCLASS,
    "tsvector": pg.TSVECTOR,
    "tsquery": pg.TSQUERY,
    "jsonpath": pg.JSONPATH,
    "int4range": pg.INT4RANGE,
    "tstzmultirange": pg.TSTZMULTIRANGE,
    "array2": pg.ARRAY(Integer, dimensions=2),
    "array_plain": sa.ARRAY(Text),
    "char": sa.CHAR(4),
    "char_plain": sa.CHAR,
    "nchar": sa.NCHAR(4),
    "varchar": sa.String,
    "collate": sa.String(collation="C"),
    "text_collate": Text(collation="POSIX"),
    "domain": pg.DOMAIN("positive", Integer, check="VALUE > 0"),
    "domain_not_null": pg.DOMAIN("short", String(5), not_null=True, default="x"),
    "array_of_varchar": pg.ARRAY(String(7)),
    "small": sa.SmallInteger,
    "int_json": pg.JSON,
    "array_json": pg.ARRAY(pg.JSONB),
}


def _columns(names: Sequence[str]) -> list[Column[Any]]:
    return [Column(f"c_{name}", TYPES[name]) for name in names]


@case
def types_in_a_new_table() -> Sequence[Build]:
    return [lambda m: Table("a", m, *_columns(list(TYPES)))]


@case
def types_in_tables_of_their_own() -> Sequence[Build]:
    return [lambda m: [Table(f"t_{name}", m, key(), *_columns([name])) for name in TYPES]]


@case
def types_in_columns_that_come() -> Sequence[Build]:
    return [
        lambda m: [Table(f"t_{name}", m, key()) for name in TYPES],
        lambda m: [Table(f"t_{name}", m, key(), *_columns([name])) for name in TYPES],
    ]


@case
def type_variants_of_own_in_columns_that_change() -> Sequence[Build]:
    def build(*names: str) -> Build:
        return lambda m: Table(
            "a", m, key(), *(Column(f"c{n}", TYPES[x]) for n, x in enumerate(names))
        )

    return [
        build("text_variant", "varchar", "time_plain", "mood_checked", "char"),
        build("guid", "unicode", "interval", "mood_text", "enum_variant"),
        build("uuid", "text_variant", "interval_precise", "mood_nameless", "mood_checked"),
    ]


# Checks of types


@case
def check_of_enum_changes() -> Sequence[Build]:
    def values(*which: str) -> Build:
        kind = sa.Enum(*which, native_enum=False, create_constraint=True, name="ck_kind", length=9)
        return table("a", key(), Column("kind", kind))

    return [
        table("a", key()),
        values("a", "b"),
        values("a", "b", "c"),
        values("a"),
        table("a", key()),
    ]


@case
def check_of_enum_with_a_naming_convention() -> Sequence[Build]:
    def build(m: MetaData) -> None:
        m.naming_convention = {
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        }
        Table("other", m, key())
        Table(
            "a",
            m,
            key(),
            Column(
                "kind", sa.Enum("x", "y", native_enum=False, create_constraint=True, name="kind")
            ),
            Column("flag", sa.Boolean(create_constraint=True, name="flag"), index=True),
            Column("u", Text, unique=True),
            Column("o", ForeignKey("other.id")),
            sa.CheckConstraint("u <> '%'", name="percent"),
        )

    def more(m: MetaData) -> None:
        build(m)
        a = m.tables["a"]
        a.append_column(
            Column(
                "kind2", sa.Enum("x", "y", native_enum=False, create_constraint=True, name="kind2")
            )
        )
        a.append_column(Column("u2", Text, unique=True, index=True))
        a.append_column(Column("o2", ForeignKey("other.id"), index=True))

    return [build, more]


# Handlers


@case
def rows_inserted_by_a_handler() -> Sequence[Build]:
    def build(m: MetaData) -> None:
        a = Table("a", m, key(), Column("n", Text))

        def insert(_target: Any, connection: Any, **_: Any) -> None:
            connection.execute(a.insert(), [{"n": "one"}, {"n": "two"}])
            connection.execute(a.insert().values(n="three"))
            connection.execute(sa.text("INSERT INTO a (n) VALUES (:n)"), {"n": "four"})
            connection.exec_driver_sql("INSERT INTO a (n) VALUES (%s)", ("five",))
            connection.scalar(sa.select(sa.func.count()).select_from(a))

        sa.event.listen(a, "after_create", insert)

    def more(m: MetaData) -> None:
        build(m)
        m.tables["a"].append_column(Column("x", Integer))

    return [build, more]


# Comments, percent signs


@case
def comment_on_a_column_of_a_replaced_view() -> Sequence[Build]:
    def build(columns: str) -> Build:
        return together(
            table("a", key(), Column("n", Text)),
            on("after_create", f"CREATE VIEW v AS SELECT {columns} FROM a"),
            on("after_create", "COMMENT ON COLUMN v.id IS 'the key'"),
            on("after_create", "COMMENT ON VIEW v IS 'seen'"),
            on("after_create", f"CREATE MATERIALIZED VIEW mv AS SELECT {columns} FROM a"),
            on("after_create", "COMMENT ON COLUMN mv.id IS '100%'"),
        )

    return [build("id, n"), build("id, upper(n) AS n"), build("id")]


@case
def percent_signs() -> Sequence[Build]:
    return [
        together(
            table(
                "a%b", key(), Column("n%", Integer, index=True), Column("%(x)s", Text, unique=True)
            ),
            table("plain", key()),
        ),
        together(
            table(
                "a%b",
                key(),
                Column("n%", Integer, index=True),
                Column("%(x)s", Text, unique=True),
                Column("more%s", Integer),
                lambda: sa.CheckConstraint('"n%" % 2 = 0', name="ck%"),
                lambda: sa.UniqueConstraint("n%", name="uq%s"),
            ),
            table("plain", key(), Column("other", ForeignKey("a%b.id", name="fk%"))),
        ),
    ]


# Order


@case
def function_of_sql_over_new_tables_and_columns() -> Sequence[Build]:
    return [
        together(
            table("a", key()),
            on(
                "after_create",
                "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(id) FROM a'",
            ),
        ),
        together(
            table("a", key(), Column("n", Integer)),
            table("b", key()),
            on(
                "after_create",
                "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT sum(n) FROM a'",
            ),
            on(
                "after_create",
                "CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT f() FROM b'",
            ),
            on(
                "after_create",
                "CREATE FUNCTION h() RETURNS SETOF b LANGUAGE sql AS 'SELECT b FROM b, g()'",
            ),
        ),
    ]


@case
def function_under_an_expression_index() -> Sequence[Build]:
    def build(body: str, result: str = "text") -> Build:
        def build(m: MetaData) -> None:
            a = Table("a", m, key(), Column("n", Text))
            handler(
                m,
                "before_create",
                f"CREATE FUNCTION f(t text) RETURNS {result} IMMUTABLE LANGUAGE sql AS '{body}'",
            )
            sa.Index("ix_f", sa.func.f(a.c.n))
            a.append_constraint(sa.CheckConstraint("length(f(n)::text) > 0", name="ck_f"))

        return build

    return [
        build("SELECT upper(t)"),
        build("SELECT lower(t)"),
        build("SELECT length(t)", "integer"),
    ]


@case
def identity_narrows() -> Sequence[Build]:
    def build(type_: Any) -> Build:
        return table("a", Column("id", type_, sa.Identity(), primary_key=True), Column("x", Text))

    return [build(sa.BigInteger), build(Integer), build(sa.SmallInteger), build(sa.BigInteger)]


@case
def circular_keys() -> Sequence[Build]:
    return [
        together(
            table(
                "a", key(), Column("b", Integer, ForeignKey("b.id", use_alter=True, name="fk_b"))
            ),
            table("b", key(), Column("a", Integer, ForeignKey("a.id", name="fk_a"))),
            table("tree", key(), Column("up", Integer, ForeignKey("tree.id"))),
        )
    ]


# Inheritance


def _inherits(parent: Sequence[Any], child: Sequence[Any]) -> Build:
    def build(m: MetaData) -> None:
        Table("parent", m, *parent)
        Table("child", m, *child, postgresql_inherits="parent")

    return build


@case
def inherits() -> Sequence[Build]:
    def pk() -> Column[Any]:
        return Column("id", Integer, primary_key=True, autoincrement=False)

    return [
        _inherits(
            [
                pk(),
                Column("n", String(5)),
                Column("gone", Integer),
                sa.CheckConstraint("n <> ''", name="ck_n"),
            ],
            [pk(), Column("more", Text)],
        ),
        _inherits(
            [pk(), Column("n", Text), sa.CheckConstraint("n <> 'x'", name="ck_n")],
            [pk(), Column("more", Text)],
        ),
        _inherits([pk(), Column("n", Text), Column("m", Integer)], [pk(), Column("more", Text)]),
    ]


def _heirs(*parts: Any, heirs: Sequence[str] = ("heir", "grand"), said: str = "") -> Build:
    """Return tables that inherit all they have, each from the one before it."""
    parents = dict(pairwise(("great", "grand", "heir", "a")))
    return together(
        table("a", key(), Column("n", Integer), *parts),
        *(on("after_create", f"CREATE TABLE {e} () INHERITS ({parents[e]})") for e in heirs),
        *(on("after_create", f"COMMENT ON COLUMN {e}.n IS '{said}'") for e in heirs if said),
    )


def _above(name: str, least: int = 0) -> Callable[[], sa.CheckConstraint]:
    return lambda: sa.CheckConstraint(f"n > {least}", name=name)


@case
def inherited_checks_get_other_names() -> Sequence[Build]:
    return [
        _heirs(_above("one")),
        _heirs(_above("two")),
        _heirs(_above("one"), heirs=["heir"]),
        _heirs(_above("two")),
        _heirs(_above("two", 7), heirs=[]),
        _heirs(_above("three", 7), _above("four", 8)),
    ]


@case
def inherited_columns_come_and_go_with_their_tables() -> Sequence[Build]:
    def twice(by: int) -> Column[Any]:
        return Column("twice", Integer, sa.Computed(f"n * {by}", persisted=True))

    return [
        _heirs(said="mine"),
        _heirs(twice(2), said="mine"),
        _heirs(twice(3), Column("more", Text, server_default="x"), heirs=["heir"]),
        _heirs(said="other"),
        _heirs(twice(2), heirs=[]),
        _heirs(Column("twice", Integer), _above("one")),
        table("a", key()),
    ]


# Names


@case
def renamed_table_keeps_names() -> Sequence[Build]:
    return [table("a", key(), Column("n", Text, unique=True, index=False))]


# What stands on a column whose type changes


def _typed(type_: Any, *indexes: Any, **how: Any) -> Build:
    def build(m: MetaData) -> None:
        a = Table("a", m, key(), Column("c", type_), Column("d", type_))
        for index in indexes:
            index(a)

    return build


@case
def index_around_a_type_change() -> Sequence[Build]:
    def partial(a: Table) -> None:
        sa.Index("ix_partial", a.c.d, postgresql_where=a.c.c == "x")

    def expression(a: Table) -> None:
        sa.Index("ix_expression", sa.func.lower(a.c.c))

    def plain(a: Table) -> None:
        sa.Index("ix_plain", a.c.c)

    def unique(a: Table) -> None:
        a.append_constraint(sa.UniqueConstraint("c", name="uq_c"))
        a.append_constraint(sa.CheckConstraint("c <> 'y'", name="ck_c"))

    def pattern(name: str) -> Callable[[Table], object]:
        return lambda a: sa.Index("ix_pattern", a.c.c, postgresql_ops={"c": name})

    return [
        _typed(Text, partial, expression, plain, unique, pattern("text_pattern_ops")),
        _typed(String(20), partial, expression, plain, unique, pattern("varchar_pattern_ops")),
        _typed(sa.CHAR(20), partial, expression, plain, unique, pattern("bpchar_pattern_ops")),
    ]


@case
def generated_column_around_a_type_change() -> Sequence[Build]:
    def build(type_: Any) -> Build:
        def build(m: MetaData) -> None:
            a = Table(
                "a",
                m,
                key(),
                Column("c", type_),
                Column("g", Text, sa.Computed("upper(c::text)", persisted=True)),
                Column("b", Text, server_default="x"),
            )
            sa.Index("ix_g", a.c.g, a.c.c)
            sa.Index("ix_g_partial", a.c.b, postgresql_where=sa.text("g <> ''"))
            handler(m, "after_create", "CREATE VIEW v AS SELECT g, c FROM a")

        return build

    return [build(String(9)), build(Text), build(sa.CHAR(9))]


# Names


def _named(prefix: str, extra: str = "") -> Build:
    def build(m: MetaData) -> None:
        Table("other", m, key())
        a = Table(
            "a",
            m,
            Column(
                "id",
                Integer,
                sa.Sequence(f"{prefix}_ids"),
                server_default=sa.text(f"nextval('{prefix}_ids')"),
            ),
            Column("n", Text),
            Column("o", Integer),
            Column("r", pg.INT4RANGE),
            sa.PrimaryKeyConstraint("id", name=f"{prefix}_pk"),
            sa.UniqueConstraint("n", name=f"{prefix}_uq"),
            sa.UniqueConstraint("n", "o", name=f"{prefix}_uq2", deferrable=True),
            sa.CheckConstraint("n <> ''", name=f"{prefix}_ck"),
            sa.ForeignKeyConstraint(["o"], ["other.id"], name=f"{prefix}_fk"),
            pg.ExcludeConstraint(("r", "&&"), name=f"{prefix}_ex"),
        )
        sa.Index(f"{prefix}_ix", a.c.n, a.c.o)
        sa.Index(f"{prefix}_iu", a.c.o, unique=True, postgresql_where=a.c.n == "x")
        handler(m, "after_create", f"COMMENT ON CONSTRAINT {prefix}_ck ON a IS 'said{extra}'")
        handler(m, "after_create", f"COMMENT ON INDEX {prefix}_ix IS 'fast'")
        handler(
            m,
            "before_create",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        )
        handler(
            m,
            "after_create",
            f"CREATE TRIGGER {prefix}_t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()",
        )
        handler(m, "after_create", f"ALTER TABLE a ENABLE ALWAYS TRIGGER {prefix}_t")
        handler(m, "after_create", f"ALTER TABLE a REPLICA IDENTITY USING INDEX {prefix}_pk")

    return build


@case
def names_change_and_definitions_do_not() -> Sequence[Build]:
    return [_named("old"), _named("new"), _named("two words".replace(" ", "_"), extra=" more")]


# Native enums

VALUES = [
    ("a", "b"),
    ("a", "b", "c"),
    ("z", "a", "m", "b", "c"),
    ("a", "c"),
    ("c", "a", "it's", 'q"q', "%", ":x", "back\\slash"),
    ("a",),
    ("a", "b"),
]


def _enum(values: Sequence[str], name: str = "mood") -> Any:
    return sa.Enum(*values, name=name)


def _each(build: Callable[[Sequence[str]], Build]) -> Sequence[Build]:
    return [build(values) for values in VALUES]


@case
def enum_gains_a_value_as_what_has_it_goes() -> Sequence[Build]:
    def one(name: str, *values: str) -> Build:
        return table(name, key(), Column("c", _enum(values), server_default=values[0]))

    def seen(*values: str, by: str) -> Build:
        view = f"CREATE VIEW v AS SELECT {by} AS it FROM a WHERE c = '{values[0]}'"
        return together(one("a", *values), on("after_create", view))

    return [
        together(one("a", "x", "y"), one("b", "x", "y")),
        one("a", "x", "y", "z"),
        seen("x", "y", "z", by="id"),
        one("a", "x", "w", "y", "z"),
        seen("x", "w", "y", "z", by="c"),
        together(seen("x", "w", "y", "z", "zz", by="id"), one("b", "x", "w", "y", "z", "zz")),
        one("b", "x", "w", "y", "z", "zz", "zzz"),
    ]


@case
def enum_in_inherited_checks() -> Sequence[Build]:
    def build(values: Sequence[str]) -> Build:
        return _heirs(
            Column("c", _enum(values)),
            lambda: sa.CheckConstraint(f"c <> '{values[0]}'", name="ck_c"),
            heirs=["heir", "grand", "great"],
            said=values[0],
        )

    return [build(values) for values in (("a", "b"), ("b", "a"), ("b",))]


@case
def enum_alone() -> Sequence[Build]:
    return _each(lambda v: table("a", key(), Column("c", _enum(v), nullable=False)))


@case
def enum_with_a_default_in_many_tables() -> Sequence[Build]:
    return _each(
        lambda v: together(
            table(
                "a",
                key(),
                Column("c", _enum(v), server_default=v[-1]),
                Column("d", _enum(v), server_default=v[0], index=True),
                Column("e", pg.ARRAY(_enum(v)), server_default=sa.text("'{a}'")),
            ),
            table("b", key(), Column("c", _enum(v), server_default=v[0], unique=True)),
        )
    )


@case
def enum_under_all_that_can_depend_on_it() -> Sequence[Build]:
    def build(v: Sequence[str]) -> Build:
        def build(m: MetaData) -> None:
            a = Table(
                "a",
                m,
                key(),
                Column("c", _enum(v), server_default="a", nullable=False, comment="said"),
                Column("d", _enum(v)),
                Column("g", sa.Boolean, sa.Computed("c = 'a'::mood", persisted=True)),
                Column("h", _enum(v), sa.Computed("d", persisted=True)),
                sa.CheckConstraint("c <> 'a'::mood OR d IS NULL", name="ck"),
                sa.UniqueConstraint("c", name="uq_c"),
            )
            Table("b", m, key(), Column("c", _enum(v), ForeignKey("a.c", name="fk_b_c")))
            sa.Index("ix_partial", a.c.id, postgresql_where=a.c.c == "a")
            sa.Index("ix_g", a.c.g)
            for sql in (
                "CREATE FUNCTION f(x mood) RETURNS mood[] IMMUTABLE LANGUAGE sql"
                " AS 'SELECT ARRAY[x]'",
                "CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE INDEX ix_f ON a (f(d))",
                "CREATE VIEW v AS SELECT id, c FROM a WHERE c = 'a'",
                "COMMENT ON VIEW v IS 'a view'",
                "COMMENT ON COLUMN v.c IS 'mood'",
                "CREATE VIEW w AS SELECT c FROM v",
                "CREATE MATERIALIZED VIEW mv AS SELECT c, count(*) FROM a GROUP BY c",
                "CREATE UNIQUE INDEX ix_mv ON mv (c)",
                "ALTER TABLE a ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY p ON a USING (c = 'a'::mood)",
                "CREATE TRIGGER tr BEFORE UPDATE OF c ON a FOR EACH ROW"
                " WHEN (NEW.c = 'a'::mood) EXECUTE FUNCTION t()",
                "ALTER TABLE a ENABLE ALWAYS TRIGGER tr",
                "CREATE DOMAIN good AS mood DEFAULT 'a' NOT NULL"
                " CONSTRAINT ck_good CHECK (VALUE = 'a')",
                "COMMENT ON DOMAIN good IS 'the good ones'",
                "CREATE TYPE pair AS (first mood, second good)",
                "COMMENT ON TYPE mood IS 'of people'",
                "CREATE TABLE d (g good, p pair, ps pair[])",
                "CREATE STATISTICS st ON c, d FROM a",
                "CREATE RULE r AS ON INSERT TO b WHERE NEW.c = 'a'::mood DO INSTEAD NOTHING",
            ):
                handler(m, "after_create", sql)

        return build

    return [build(v) for v in (("a", "b"), ("a", "b", "c"), ("c", "a"), ("a", "c", "d"))]


@case
def enum_with_long_and_odd_names() -> Sequence[Build]:
    names = ["x" * 60, "y" * 63, "Two Words", "order", "per%cent", 'quo"te']

    def build(v: Sequence[str]) -> Build:
        return lambda m: Table(
            "a",
            m,
            key(),
            *(Column(name, _enum(v, name), server_default="a") for name in names),
        )

    return [build(("a", "b")), build(("a", "b", "c")), build(("c", "a"))]


@case
def enum_of_inherited_columns() -> Sequence[Build]:
    def build(v: Sequence[str]) -> Build:
        return _inherits(
            [Column("id", Integer), Column("c", _enum(v), server_default="a")],
            [Column("more", Text)],
        )

    return [build(("a", "b")), build(("a",)), build(("a", "c"))]


@case
def enum_to_and_from_text() -> Sequence[Build]:
    def build(type_: Any, default: str | None = "a") -> Build:
        def build(m: MetaData) -> None:
            a = Table("a", m, key(), Column("c", type_, server_default=default))
            sa.Index("ix", a.c.id, postgresql_where=a.c.c == "a")

        return build

    return [
        build(String(9)),
        build(_enum(("a", "b"))),
        build(_enum(("a", "x"), "other")),
        build(Text),
        build(sa.Enum("a", "b", name="ck_kind", native_enum=False, create_constraint=True)),
        build(_enum(("a",)), None),
    ]


@case
def enum_column_comes_and_goes_with_other_values() -> Sequence[Build]:
    return [
        table("a", key(), Column("c", _enum(("a", "b")))),
        table(
            "a",
            key(),
            Column("c", _enum(("a", "b", "c"))),
            Column("d", _enum(("a", "b", "c")), server_default="c"),
        ),
        table("a", key(), Column("d", _enum(("a", "c")), server_default="a")),
        table("a", key(), Column("e", _enum(("c",)), server_default="c")),
    ]


@case
def enum_partitioned() -> Sequence[Build]:
    def build(v: Sequence[str]) -> Build:
        def build(m: MetaData) -> None:
            columns = [Column("id", Integer), Column("c", _enum(v), server_default="a")]
            Table("a", m, *columns, postgresql_partition_by="RANGE (id)")
            handler(m, "after_create", "CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (9)")
            handler(m, "after_create", "CREATE TABLE a_rest PARTITION OF a DEFAULT")

        return build

    return [build(("a", "b")), build(("a", "b", "c")), build(("c", "a"))]
