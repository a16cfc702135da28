"""Native enums: values that are added, renamed or taken away, with rows that use them."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.exc import DataError

from tests.autogenerate.foreign.conftest import Begin
from tests.autogenerate.foreign.project import Project, handler


def models(*values: str, **how: Any) -> MetaData:
    metadata = MetaData()
    a = Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("c", sa.Enum(*values, name="color"), **how),
        Column("cs", pg.ARRAY(sa.Enum(*values, name="color"))),
    )
    sa.Index("ix_red", a.c.id, postgresql_where=a.c.c == values[0])
    handler(
        metadata, "after_create", f"CREATE VIEW v AS SELECT id FROM a WHERE c = $${values[0]}$$"
    )
    return metadata


def filled(project: Project) -> Project:
    project.change(models("red", "blue"))
    project.execute("INSERT INTO a (c, cs) VALUES ('red', '{red,blue}'), ('blue', NULL)")
    return project


def test_added_values_rewrite_nothing(begin: Begin) -> None:
    text = filled(begin()).change(models("red", "green", "blue", "black"))
    upgrade = text.partition("def downgrade")[0]
    assert "ADD VALUE 'green' AFTER 'red'" in upgrade
    assert "ADD VALUE 'black'" in upgrade
    assert "ALTER COLUMN" not in upgrade
    assert len(text.split("def upgrade")) == 2


def test_value_that_is_used_at_once_is_committed_before(begin: Begin) -> None:
    project = filled(begin())
    text = project.change(models("red", "blue", "black", server_default="black"))
    assert len(text.split("def upgrade")) == 3
    project.execute("INSERT INTO a (cs) VALUES ('{black}')")
    with pytest.raises(DataError, match='invalid input value for enum color: "black"'):
        project.downgrade("-2")
    project.execute("DELETE FROM a WHERE c = 'black'")
    project.downgrade("-1")


def test_renamed_value_keeps_its_rows(begin: Begin) -> None:
    project = filled(begin())
    project.x["rename"] = "color.red:crimson"
    text = project.change(models("crimson", "blue", server_default="crimson"))
    assert "RENAME VALUE 'red' TO 'crimson'" in text
    assert "op.create_index" not in text
    with project.connect() as connection:
        assert set(connection.execute(sa.text("SELECT c::text FROM a")).scalars()) == {
            "crimson",
            "blue",
        }


def test_renamed_and_added_at_once(begin: Begin) -> None:
    project = filled(begin())
    project.x["rename"] = "color.red:it's, color.blue:sky"
    text = project.change(models("it's", "sky", "new"))
    assert "RENAME VALUE 'blue' TO 'sky'" in text
    assert "ADD VALUE 'new'" in text


@pytest.mark.parametrize(
    ("rename", "said"),
    [
        ("color.pink:rose", "names no such change"),
        ("color.red:rose", "names no such change"),
        ("colour.red:crimson", "names no such change"),
        ("red:crimson", "is not understood"),
    ],
)
def test_rename_that_is_none_is_refused(begin: Begin, rename: str, said: str) -> None:
    project = filled(begin())
    project.x["rename"] = rename
    project.models = models("crimson", "blue")
    with pytest.raises(CommandError, match=said):
        project.write()


def test_rows_with_a_value_that_is_gone_make_the_upgrade_fail_and_change_nothing(
    begin: Begin,
) -> None:
    project = filled(begin())
    project.models = models("blue", "black")
    project.write()
    with pytest.raises(DataError, match="invalid input value"):
        project.upgrade()
    project.execute("UPDATE a SET c = 'blue', cs = NULL")
    project.upgrade()
    project.check()


def test_partition_key_is_refused_with_the_reason(begin: Begin) -> None:
    def parted(*values: str) -> MetaData:
        metadata = MetaData()
        kind = sa.Enum(*values, name="color")
        Table("p", metadata, Column("c", kind), postgresql_partition_by="LIST (c)")
        return metadata

    project = begin()
    project.change(parted("a", "b"))
    project.models = parted("b")
    with pytest.raises(CommandError, match="part of the partition key") as refusal:
        project.write()
    assert "Write the revision by hand" in str(refusal.value)
