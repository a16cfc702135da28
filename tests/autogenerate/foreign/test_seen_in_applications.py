"""What the models and migrations of applications showed first: test_applications.py."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from tests.autogenerate.foreign.conftest import Begin
from tests.autogenerate.foreign.project import handler

TWICE = {
    "unique": ["UNIQUE (n, m)", "UNIQUE (n, m)"],
    "unique as the key": ["UNIQUE (id)"],
    "exclusion": ["EXCLUDE USING gist (r WITH &&)", "EXCLUDE USING gist (r WITH &&)"],
    "with more columns": ["UNIQUE (n) INCLUDE (m)", "UNIQUE (n) INCLUDE (m)"],
}


@pytest.mark.parametrize("constraints", TWICE.values(), ids=TWICE)
def test_two_constraints_over_the_same_columns_come_back(
    begin: Begin, constraints: list[str]
) -> None:
    project = begin()
    project.execute(
        "CREATE TABLE t (id integer PRIMARY KEY, n integer, m integer, r int4range)",
        *(f"ALTER TABLE t ADD {each}" for each in constraints),
    )
    project.change(MetaData())


def test_models_may_have_a_constraint_twice(begin: Begin) -> None:
    metadata = MetaData()
    Table("t", metadata, Column("id", Integer, primary_key=True, unique=True), Column("n", Integer))
    for name in ("one", "other"):
        handler(metadata, "after_create", f"ALTER TABLE t ADD CONSTRAINT {name} UNIQUE (n)")
    project = begin()
    project.change(metadata)
    project.change(MetaData())
