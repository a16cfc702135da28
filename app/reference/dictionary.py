"""The data dictionary: a page per domain, with every table and every column."""

from pathlib import Path

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint

from .domains import DOMAINS, DomainPage, domain_of
from .files import TextFile
from .markdown import code, codes, page, table
from .meanings import classification_of, logical_name, meaning_of
from .personal_data import personal_data_page
from .schema import (
    NO_ACTION,
    Model,
    default_of,
    keys_of,
    model,
    models,
    name_of,
    parent_of,
    type_of,
    values_of,
)

DIRECTORY = Path("docs/data-dictionary")


def dictionary_files() -> list[TextFile]:
    """Return the pages of the dictionary."""
    return [
        TextFile(DIRECTORY / "README.md", _contents()),
        *(TextFile(DIRECTORY / f"{domain.name}.md", _domain_page(domain)) for domain in DOMAINS),
        TextFile(DIRECTORY / "personal-data.md", personal_data_page()),
    ]


def link(name: str) -> str:
    """Return a link to the table ``name``, from any page of the dictionary."""
    return f"[`{name}`]({domain_of(name).name}.md#{name})"


def _contents() -> str:
    columns = sum(len(model.columns) for model in models())
    keys = sum(len(model.foreign_keys) for model in models())
    rows = (
        (link(m.name), m.comment, f"`{m.class_.__name__}`", m.source, _domain_link(m))
        for m in models()
    )
    return page(
        "Data dictionary",
        f"The {len(models())} tables, {columns} columns and {keys} foreign keys of the schema. "
        "[Personal data](personal-data.md) is listed in one place, with what becomes of it when "
        "its user is deleted. [Diagrams](../diagrams/README.md) show how the tables hang together.",
        table(("Table", "Purpose", "Class", "From", "Domain"), rows),
        """\
## How to read it

- **Type** as one writes it; PostgreSQL prints `varchar` as `character varying` and `timestamptz` as
  `timestamp with time zone`. Amounts of credit are `numeric(10,2)`, never floating point.
- **Null**: *yes* where the column may be NULL.
- **Key**: PK primary key, FK foreign key, UQ part of a unique constraint.
- **Classification**: *personal data* identifies a person; what is *hashed* or *encrypted by the
  application* reaches the database in that form, never in plain text; a *secret* is stored as it
  is, and lets in who knows it.
- **In the documents**: the logical name that the design documents use.
- **Names**: primary keys are `pk_<table>`, foreign keys `fk_<table>_<column>`, checks
  `ck_<table>_<column>`.
- **Serves**: a query the index exists for. The tests run one for each and look at its plan.""",
    )


def _domain_link(model: Model) -> str:
    domain = domain_of(model.name)
    return f"[{domain.title}]({domain.name}.md)"


def _domain_page(domain: DomainPage) -> str:
    return page(domain.title, domain.covers, *(_table(model(name)) for name in domain.tables))


def _table(model: Model) -> str:
    parts = [
        f"## {model.name}",
        model.comment,
        f"Class `{model.class_.__name__}` in [{model.module}](../../{model.module})"
        f"{', ' if model.source else ''}{model.source}.{_peculiarities(model)}",
        table(
            (
                "Column",
                "Type",
                "Null",
                "Default",
                "Key",
                "Meaning",
                "Classification",
                "In the documents",
            ),
            map(_column, model.columns),
        ),
    ]
    if model.foreign_keys:
        head = ("Foreign key", "References", "When that row is deleted", "When its id changes")
        parts += ["**Foreign keys**", table(head, map(_foreign_key, model.foreign_keys))]
    rules: list[Index | UniqueConstraint] = [*model.unique_constraints, *model.indexes]
    if rules:
        parts += ["**Indexes**", table(("Index", "On", "Serves"), map(_index, rules))]
    referring = _referring(model)
    if referring:
        parts.append(f"**Referred to by** {', '.join(referring)}.")
    return "\n\n".join(parts)


def _peculiarities(model: Model) -> str:
    notes = []
    if "updated_at" in model.table.columns:
        notes.append(" The trigger `set_updated_at` stamps `updated_at`.")
    if "deleted_at" in model.table.columns:
        notes.append(" Rows are soft-deleted: `deleted_at` is set.")
    if model.partition_key:
        notes.append(
            f" Partitioned by `{model.partition_key}`, a partition a month; `{model.name}_default` "
            "takes the rows that no month has."
        )
    return "".join(notes)


def _column(column: Column[object]) -> tuple[str, ...]:
    default = default_of(column)
    return (
        code(column.name),
        code(type_of(column)),
        "yes" if column.nullable else "",
        code(default) if default else "",
        " ".join(keys_of(column)),
        meaning_of(column) + _allowed(column),
        str(classification_of(column) or ""),
        code(logical_name(column)),
    )


def _allowed(column: Column[object]) -> str:
    values = values_of(column)
    return f" One of {codes(values)}." if values else ""


def _foreign_key(key: ForeignKey) -> tuple[str, ...]:
    return (
        code(key.parent.name),
        f"{link(parent_of(key))}",
        key.ondelete or NO_ACTION,
        key.onupdate or NO_ACTION,
    )


def _index(rule: Index | UniqueConstraint) -> tuple[str, ...]:
    return (code(name_of(rule)), _on(rule), str(rule.info["serves"]))


def _on(rule: Index | UniqueConstraint) -> str:
    columns = codes(column.name for column in rule.columns)
    if isinstance(rule, UniqueConstraint):
        return f"{columns}; unique"
    options = rule.dialect_options["postgresql"]
    using = f"; {options['using']}" if options["using"] else ""
    unique = "; unique" if rule.unique else ""
    where = f"; where `{options['where']}`" if options["where"] is not None else ""
    return f"{columns}{using}{unique}{where}"


def _referring(model: Model) -> list[str]:
    return [
        f"{link(child.name)} (`{key.parent.name}`)"
        for child in models()
        for key in child.foreign_keys
        if parent_of(key) == model.name
    ]
