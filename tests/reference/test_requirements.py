"""The requirements page is complete, and what it names exists."""

import re
from pathlib import Path

import pytest

from app.reference.requirement_list import ON_TABLES, ON_THE_SCHEMA, Requirement
from app.reference.requirements import PATH, requirements_of, tables_of
from app.reference.schema import models
from tests.schema.cases import each_table
from tests.schema.documents import BY_NAME
from tests.support.databases import ROOT

# As the SDS names them, table by table (section 5), then in sections 4.3, 11 and 13.
IN_THE_SDS = {
    "users": "SRS 7.1.1",
    "brand_kits": "SRS 7.1.2, UAPM-1-004",
    "workbenches": "REQ-4-001",
    "projects": "REQ-4-002",
    "assets": "SRS 7.2.1, REQ-4-004, REQ-4-005",
    "asset_versions": "SRS 7.2.1, REQ-4-006",
    "generation_requests": "SRS 7.2.1, REQ-3-010, REQ-3-011, REQ-3-012",
    "social_media_connections": "SMPIO-007",
    "api_clients": "REQ-7-002",
    "subscriptions": "REQ-6-018",
    "credit_transactions": "SRS 7.3.1",
    "usage_logs": "SRS 7.3.1",
    "teams": "REQ-003, UAPM-1-010",
    "team_members": "REQ-003, UAPM-1-010",
    "sessions": "UAPM-1-008, REQ-2-006",
    "notifications": "",
    "templates": "UI-003, REQ-4-003, REQ-WCI-009, REQ-WCI-010",
    "ai_models": "INT-007",
    "ai_model_versions": "INT-007, AISIML-008",
    "ai_model_validation_results": "INT-007, AISIML-009",
    "ai_model_deployments": "INT-007, AISIML-010",
    "ai_model_feedbacks": "INT-007, AISIML-012",
}
OF_THE_WHOLE = {"NFR-003", "NFR-004", "NFR-005", "NFR-006", "DEP-003", "REQ-DA-014", "PMDT-005"}


def test_models_name_the_requirements_of_the_sds() -> None:
    named = {m.name: ", ".join(requirements_of(m)) for m in models() if m.section is not None}
    assert named == IN_THE_SDS


def test_page_has_each_requirement_once() -> None:
    on_tables = {id_ for ids in IN_THE_SDS.values() for id_ in ids.split(", ") if id_}
    listed = [id_ for requirement in (*ON_TABLES, *ON_THE_SCHEMA) for id_ in requirement.ids]
    assert sorted(listed) == sorted(on_tables | OF_THE_WHOLE)
    page = (ROOT / PATH).read_text()
    assert all(re.search(rf"\b{id_}\b", page) for id_ in listed)


@pytest.mark.parametrize("requirement", ON_TABLES, ids=lambda requirement: requirement.ids[0])
def test_tables_and_columns_of_a_requirement_exist(requirement: Requirement) -> None:
    tables = tables_of(requirement)
    assert tables
    for column in requirement.columns:
        assert any(BY_NAME[table].column(column) for table in tables)


@pytest.mark.parametrize(
    "path", sorted({path for requirement in ON_THE_SCHEMA for path in requirement.tests})
)
def test_tests_of_a_requirement_exist(path: str) -> None:
    assert Path(ROOT / path).read_text().count("\ndef test_"), path


def test_selections_of_tests_name_the_tables_that_tests_are_named_after() -> None:
    selections = re.findall(r"`pytest tests/schema -k '(.*?)'`", (ROOT / PATH).read_text())
    assert len(selections) == len(ON_TABLES)
    assert {table for selection in selections for table in selection.split(" or ")} == {
        table for table, named in IN_THE_SDS.items() if named
    }
    assert each_table.kwargs["ids"] == list(BY_NAME)
