"""The data dictionary holds what the live catalog holds: nothing is missing, nothing is more."""

from sqlalchemy import Connection, text

from tests.reference.pages import DICTIONARY, Section, codes, sections, tables_in
from tests.schema import catalog
from tests.schema.cases import each_table
from tests.schema.documents import TABLES
from tests.schema.documents.notation import Table
from tests.schema.documents.queries import QUERIES


def test_each_table_is_described_once_and_no_other(connection: Connection) -> None:
    assert sorted(sections()) == sorted(catalog.tables(connection))


def test_list_of_tables_has_the_documents_order() -> None:
    rows = tables_in((DICTIONARY / "README.md").read_text())["Table"]
    assert [codes(row["Table"])[0] for row in rows] == [table.name for table in TABLES]


@each_table
def test_columns_are_those_of_the_catalog(connection: Connection, table: Table) -> None:
    described = as_postgresql_prints(connection, sections()[table.name])
    assert described == catalog.columns(connection, table.name)


@each_table
def test_keys_are_those_of_the_catalog(connection: Connection, table: Table) -> None:
    marks = {
        mark: {codes(r["Column"])[0] for r in columns(table) if mark in r["Key"].split()}
        for mark in ("PK", "FK", "UQ")
    }
    kinds = {"PK": "p", "FK": "f", "UQ": "u"}
    assert marks == {mark: key_columns(connection, table, kind) for mark, kind in kinds.items()}


@each_table
def test_meanings_are_the_comments_and_no_column_lacks_one(
    connection: Connection, table: Table
) -> None:
    comments = catalog.column_comments(connection)
    for row in columns(table):
        comment = comments.get((table.name, codes(row["Column"])[0]))
        assert row["Meaning"]
        if comment:
            tag = f" [{row['Classification']}]" if row["Classification"] else ""
            assert row["Meaning"].startswith(comment.replace(tag, "") if tag else comment)
            assert tag in comment


@each_table
def test_purpose_is_the_tables_comment(connection: Connection, table: Table) -> None:
    comment = catalog.table_comments(connection)[table.name]
    assert comment
    assert comment in sections()[table.name].prose


@each_table
def test_allowed_values_are_those_of_the_documents(table: Table) -> None:
    for row, column in zip(columns(table), table.columns, strict=True):
        _, _, allowed = row["Meaning"].partition(" One of ")
        assert codes(allowed) == list(column.one_of)


@each_table
def test_foreign_keys_are_those_of_the_catalog(connection: Connection, table: Table) -> None:
    actions = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL"}
    found = {
        (columns[0], referenced, actions[on_delete], actions[on_update])
        for columns, referenced, _, on_delete, on_update, *_ in catalog.foreign_keys(
            connection, table.name
        ).values()
    }
    described = {
        (codes(row["Foreign key"])[0], codes(row["References"])[0], *list(row.values())[2:])
        for row in sections()[table.name].rows("Foreign key")
    }
    assert described == found


@each_table
def test_indexes_are_those_of_the_catalog(connection: Connection, table: Table) -> None:
    unique_constraints = set(catalog.constraints(connection, table.name, "u"))
    found = set(catalog.secondary_indexes(connection, table.name)) | unique_constraints
    assert {codes(row["Index"])[0] for row in indexes(table)} == found


@each_table
def test_indexes_stand_on_the_columns_of_the_catalog(connection: Connection, table: Table) -> None:
    found = catalog.secondary_indexes(connection, table.name)
    for row in indexes(table):
        name = codes(row["Index"])[0]
        on, *options = row["On"].split("; ")
        if name in found:
            names, method, unique, predicate, _ = found[name]
            assert codes(on) == names
            assert ("unique" in options) == unique
            assert ("gin" in options) == (method == "gin")
            assert any(option.startswith("where") for option in options) == bool(predicate)
        else:
            assert options == ["unique"]
            definition = catalog.constraints(connection, table.name, "u")[name]
            assert definition == f"UNIQUE ({', '.join(codes(on))})"


@each_table
def test_index_serves_the_query_that_is_tried_on_it(table: Table) -> None:
    purposes = {query.index: query.purpose for query in QUERIES}
    for row in indexes(table):
        assert row["Serves"] == purposes[codes(row["Index"])[0]]


@each_table
def test_referring_tables_are_those_of_the_catalog(connection: Connection, table: Table) -> None:
    sql = """
        SELECT conrelid::regclass::text, attname FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND confrelid = CAST(:table AS regclass) AND conparentid = 0
    """
    _, _, referring = sections()[table.name].prose.partition("**Referred to by** ")
    words = codes(referring)
    assert set(zip(words[::2], words[1::2], strict=True)) == set(
        catalog.rows(connection, sql, table=table.name)
    )


@each_table
def test_partitioning_and_triggers_are_mentioned_where_there_are_any(
    connection: Connection, table: Table
) -> None:
    prose = sections()[table.name].prose
    key = catalog.partition_keys(connection).get(table.name, "").replace('"', "")
    assert (f"Partitioned by `{key}`" in prose) == bool(key)
    assert ("The trigger `set_updated_at`" in prose) == (table.name in catalog.triggers(connection))


def columns(table: Table) -> list[dict[str, str]]:
    return sections()[table.name].rows("Column")


def indexes(table: Table) -> list[dict[str, str]]:
    return sections()[table.name].rows("Index")


def as_postgresql_prints(
    connection: Connection, section: Section
) -> dict[str, tuple[str, bool, str | None]]:
    """Build a table from the described columns, and ask the catalog to print them."""
    definitions = []
    for row in section.rows("Column"):
        name, type_ = codes(row["Column"])[0], codes(row["Type"])[0]
        null = "" if row["Null"] == "yes" else " NOT NULL"
        default = f" DEFAULT {codes(row['Default'])[0]}" if row["Default"] else ""
        definitions.append(f"{name} {type_}{null}{default}")
    connection.execute(text(f"CREATE TABLE pg_temp.described ({', '.join(definitions)})"))
    return {
        name: (type_, null, default and default.replace("described_id_seq", "usage_logs_id_seq"))
        for name, (type_, null, default) in catalog.columns(connection, "pg_temp.described").items()
    }


def key_columns(connection: Connection, table: Table, kind: str) -> set[str]:
    sql = """
        SELECT DISTINCT attname FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
        WHERE conrelid = CAST(:table AS regclass) AND contype = :kind
    """
    return set(catalog.names(connection, sql, table=table.name, kind=kind))
