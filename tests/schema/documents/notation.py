"""The literal in which the tables of the design documents are written down here.

A table reads like its section in the documents: one line per column, in the documents' order, then
its unique rules and its indexes. Types, defaults and predicates are written as PostgreSQL prints
them, so that they compare with the catalog as they stand.
"""

from dataclasses import dataclass, replace
from typing import Literal

Action = Literal["CASCADE", "SET NULL", "RESTRICT", "NO ACTION"]
Method = Literal["btree", "gin"]
Protection = Literal["hashed", "encrypted", "secret"]

UUID = "uuid"
BOOLEAN = "boolean"
INTEGER = "integer"
BIGINT = "bigint"
TEXT = "text"
JSONB = "jsonb"
AMOUNT = "numeric(10,2)"
TIMESTAMPTZ = "timestamp with time zone"

NOW = "now()"
NEW_UUID = "gen_random_uuid()"
FALSE = "false"
TRUE = "true"


def varchar(length: int) -> str:
    """The type of a text of at most ``length`` characters."""
    return f"character varying({length})"


def literal(value: str) -> str:
    """The default of a varchar column, as PostgreSQL prints it."""
    return f"'{value}'::character varying"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a foreign key points at (always the column ``id``) and what it does."""

    table: str
    on_delete: Action
    on_update: Action = "NO ACTION"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``one_of`` is a closed value list, ``check`` any other condition."""

    name: str
    type: str
    nullable: bool
    default: str | None = None
    one_of: tuple[str, ...] = ()
    check: str | None = None
    references: Reference | None = None
    protection: Protection | None = None

    @property
    def condition(self) -> str | None:
        """The CHECK condition as somebody would type it, in the form R14 asks for."""
        if self.one_of:
            values = ", ".join(f"'{value}'" for value in self.one_of)
            return f"{self.name}::text IN ({values})"
        return self.check

    @property
    def length(self) -> int | None:
        """The number of characters a varchar column holds; None for other types."""
        prefix = "character varying("
        return int(self.type[len(prefix) : -1]) if self.type.startswith(prefix) else None


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique constraint."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """A named secondary index; None stands for an expression among its columns."""

    name: str
    columns: tuple[str | None, ...]
    method: Method = "btree"
    unique: bool = False
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of SDS section 5 with R1..R23 applied."""

    name: str
    columns: tuple[Column, ...]
    uniques: tuple[Unique, ...] = ()
    indexes: tuple[Index, ...] = ()
    partitioned_by: str | None = None

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The key columns: PostgreSQL wants the partition key among them (R9)."""
        return ("id", self.partitioned_by) if self.partitioned_by else ("id",)

    @property
    def has_updated_at(self) -> bool:
        """Whether the table has ``updated_at``, and with it the trigger (R5)."""
        return any(column.name == "updated_at" for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column ``name``; raises KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def required(
    name: str,
    type_: str,
    default: str | None = None,
    *,
    one_of: tuple[str, ...] = (),
    references: Reference | None = None,
    protection: Protection | None = None,
) -> Column:
    """A NOT NULL column."""
    return Column(name, type_, False, default, one_of, None, references, protection)


def optional(
    name: str,
    type_: str,
    *,
    one_of: tuple[str, ...] = (),
    check: str | None = None,
    references: Reference | None = None,
    protection: Protection | None = None,
) -> Column:
    """A nullable column; none of them has a default."""
    return Column(name, type_, True, None, one_of, check, references, protection)


def to(table: str, on_delete: Action, on_update: Action = "NO ACTION") -> Reference:
    """The target of a foreign key and its actions."""
    return Reference(table, on_delete, on_update)


def unique(name: str, *columns: str) -> Unique:
    """A unique constraint under its listed name (R7)."""
    return Unique(name, columns)


def index(name: str, *columns: str) -> Index:
    """A B-tree index under its listed name (R7), or one that R8 adds."""
    return Index(name, columns)


def gin(name: str, column: str) -> Index:
    """A GIN index on a JSONB column (SDS section 9)."""
    return Index(name, (column,), method="gin")


def partial(index: Index, where: str, *, unique: bool = False) -> Index:
    """The index restricted to the rows for which ``where`` is true."""
    return replace(index, where=where, unique=unique)


def functional(index: Index, *, unique: bool = False) -> Index:
    """The index with an expression behind its columns; the query beside it says which."""
    return replace(index, columns=(*index.columns, None), unique=unique)


ID = required("id", UUID, NEW_UUID)
CREATED_AT = required("created_at", TIMESTAMPTZ, NOW)
UPDATED_AT = required("updated_at", TIMESTAMPTZ, NOW)
DELETED_AT = optional("deleted_at", TIMESTAMPTZ)
