"""The decision records name tests that exist, and the decisions that no other test holds."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty, configure_mappers

from app.models import Base
from tests.support.databases import ROOT

DECISIONS = ROOT / "docs" / "decisions"
INDEX = DECISIONS / "README.md"
RECORDS = sorted(DECISIONS.glob("[0-9]*.md"))
LAST_RESOLUTION = 23
_FUNCTION = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
_ENFORCEMENT = re.compile(r"^\*\*(?:Enforced|Checked) by\*\*\s.*", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")

configure_mappers()
CHILDREN = [
    relationship
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
    for relationship in mapper.relationships
    if relationship.direction is RelationshipDirection.ONETOMANY
]


@cache
def functions_by_file() -> dict[Path, frozenset[str]]:
    """Return the test functions of each test file."""
    return {
        path: frozenset(_FUNCTION.findall(path.read_text()))
        for path in (ROOT / "tests").rglob("test_*.py")
    }


def exists(reference: str) -> bool:
    """Tell whether ``path::function``, a file or a function of a record's last part exists."""
    path, _, function = reference.partition("::")
    if not path.endswith(".py"):
        return any(path in functions for functions in functions_by_file().values())
    found = [
        names for file, names in functions_by_file().items() if f"/{file}".endswith(f"/{path}")
    ]
    return any(not function or function in names for names in found)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_record_names_tests_that_exist(record: Path) -> None:
    enforcement = _ENFORCEMENT.search(record.read_text())
    assert enforcement, "no part **Enforced by**"
    named = [code for code in _CODE.findall(enforcement[0]) if re.search(r"\btest_\w", code)]
    assert [reference for reference in named if not exists(reference)] == []
    assert named or "benchmarks" in enforcement[0]


@pytest.mark.parametrize(
    "reference",
    [
        "tests/schema/test_indexes.py::test_of_no_name",
        "tests/schema/test_of_no_name.py",
        "tests/models/test_indexes.py",
        "test_of_no_name",
    ],
)
def test_reference_to_no_test_is_noticed(reference: str) -> None:
    assert not exists(reference)


def test_index_lists_each_record_once_under_its_title() -> None:
    listed = re.findall(r"^\| \[(.+?)\]\((.+?)\) \|", INDEX.read_text(), re.MULTILINE)
    titles = [record.read_text().partition("\n")[0] for record in RECORDS]
    assert listed == [
        (title.removeprefix("# "), record.name)
        for title, record in zip(titles, RECORDS, strict=True)
    ]


def test_each_resolution_is_in_the_index() -> None:
    listed = {int(number) for number in re.findall(r"\bR(\d+)\b", INDEX.read_text())}
    assert listed == set(range(1, LAST_RESOLUTION + 1))


def test_attributes_have_the_names_of_their_columns() -> None:
    different = {
        (mapper.local_table.fullname, attribute.key, attribute.columns[0].name)  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        for attribute in mapper.column_attrs
        if attribute.key != attribute.columns[0].name
    }
    assert {names[1:] for names in different} == {("metadata_", "metadata")}


@pytest.mark.parametrize("relationship", CHILDREN, ids=str)
def test_orm_leaves_children_to_the_database(relationship: RelationshipProperty[Any]) -> None:
    (column,) = relationship.remote_side
    (key,) = column.foreign_keys
    expected = True if key.ondelete == "CASCADE" else "all"
    assert relationship.passive_deletes == expected


def test_script_location_is_the_checkout_and_revisions_are_in_versions() -> None:
    config = Config(ROOT / "alembic.ini")
    assert config.get_main_option("script_location") == str(ROOT)
    assert config.get_main_option("version_locations") == str(ROOT / "versions")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "versions").glob("*.py")), ids=lambda path: path.name
)
def test_revision_hides_no_half_done_state(path: Path) -> None:
    source = path.read_text().upper()
    # IF NOT EXISTS (SELECT …) is a condition in PL/pgSQL.
    assert not re.search(r"\bIF NOT EXISTS (?!\()", source)
    assert "IF_NOT_EXISTS" not in source
