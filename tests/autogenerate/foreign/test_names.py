"""What is renamed, and what only looks like it."""

import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, Table, Text

from tests.autogenerate.foreign.conftest import Begin
from tests.autogenerate.foreign.project import handler


def people(name: str = "people", **names: str) -> MetaData:
    metadata = MetaData()
    table = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("email", Text, unique=True),
        Column("age", Integer, index=True),
        Column("boss", Integer, sa.ForeignKey(f"{name}.id")),
        sa.CheckConstraint("age > 0", name=names.get("check")),
    )
    sa.Index(names.get("index", "ix_both"), table.c.email, table.c.age)
    return metadata


def test_renamed_table_needs_nothing_but_names(begin: Begin) -> None:
    project = begin()
    project.change(people())
    project.execute("ALTER TABLE people RENAME TO persons")
    text = project.change(people("persons"))
    upgrade = text.partition("def downgrade")[0]
    assert "RENAME CONSTRAINT people_pkey TO persons_pkey" in upgrade
    assert "ALTER SEQUENCE people_id_seq RENAME TO persons_id_seq" in upgrade
    assert "ALTER INDEX ix_people_age RENAME TO ix_persons_age" in upgrade
    assert upgrade.count("op.execute") == upgrade.count("RENAME") == 6
    assert "op.create" not in text
    assert "op.drop" not in text


def test_two_names_change_places(begin: Begin) -> None:
    def swapped(first: str, second: str) -> MetaData:
        metadata = MetaData()
        a = Table("a", metadata, Column("x", Integer), Column("y", Integer))
        sa.Index(first, a.c.x)
        sa.Index(second, a.c.y)
        return metadata

    project = begin()
    project.change(swapped("one", "two"))
    project.change(swapped("two", "one"))


def test_default_that_counts_goes_as_something_is_renamed(begin: Begin) -> None:
    def models(check: str, *, counts: bool) -> MetaData:
        metadata = people(check=check)
        default = sa.Sequence("numbers", metadata=metadata).next_value() if counts else None
        sa.Sequence("numbers", metadata=metadata)
        metadata.tables["people"].append_column(Column("n", Integer, server_default=default))
        return metadata

    project = begin()
    project.change(models("one", counts=True))
    text = project.change(models("two", counts=False))
    assert "RENAME CONSTRAINT one TO two" in text
    assert "server_default=None" in text


def test_check_is_renamed_as_a_table_that_inherits_it_goes(begin: Begin) -> None:
    def models(check: str, *, with_heir: bool) -> MetaData:
        metadata = people(check=check)
        if with_heir:
            handler(metadata, "after_create", "CREATE TABLE heir () INHERITS (people)")
        return metadata

    project = begin()
    project.change(models("one", with_heir=True))
    text = project.change(models("two", with_heir=False))
    assert "RENAME CONSTRAINT one TO two" in text


def test_parentheses_and_quotes_in_the_names_of_functions(begin: Begin) -> None:
    def models(body: str) -> MetaData:
        metadata = people()
        for name in ('"f(x"', '"f""("', "plain"):
            handler(
                metadata,
                "after_create",
                f"CREATE FUNCTION {name}(a integer, b text) RETURNS text LANGUAGE sql AS '{body}'",
            )
        return metadata

    project = begin()
    project.change(models("SELECT b"))
    project.change(models("SELECT a::text"))


def test_names_that_python_would_read_otherwise_stand_in_the_docstring(begin: Begin) -> None:
    def models(*names: str) -> MetaData:
        metadata = MetaData()
        table = Table(
            "a", metadata, Column("id", Integer, primary_key=True), Column(r"n\x", Integer)
        )
        for name in names:
            sa.Index(name, table.c[r"n\x"])
        return metadata

    project = begin()
    project.change(models())
    project.change(models(r"ix\N", 'ix"', '"""'))
