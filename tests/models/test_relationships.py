"""Every relationship leads where it says, both ways where both ends are named (R16)."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy import text as sql
from sqlalchemy.orm import RelationshipProperty, Session, configure_mappers

from app.models import Base
from tests.schema.documents import BY_NAME
from tests.schema.rows import make_row

# What SDS section 5 and R16 name, by class.
NAMED = {
    "User": "brand_kits workbenches projects assets generation_requests social_media_connections "
    "api_clients subscription credit_transactions usage_logs owned_teams team_memberships teams "
    "sessions notifications created_templates ai_model_feedbacks",
    "BrandKit": "user team default_for_workbenches overridden_in_projects",
    "Workbench": "user default_brand_kit projects",
    "Project": "workbench user template brand_kit assets versions generation_requests",
    "Asset": "project user generation_request_source final_generation_output_of versions",
    "AssetVersion": "asset project created_by",
    "GenerationRequest": "user project generated_assets selected_sample final_asset "
    "credit_transactions usage_logs feedbacks",
    "SocialMediaConnection": "user",
    "APIClient": "user usage_logs",
    "Subscription": "user",
    "CreditTransaction": "user generation_request",
    "UsageLog": "user generation_request api_client",
    "Team": "owner members brand_kits",
    "TeamMember": "team user",
    "Session": "user",
    "Notification": "user",
    "Template": "user_creator projects_using_template",
    "AIModel": "versions",
    "AIModelVersion": "ai_model_parent validation_result deployments feedbacks created_by",
    "AIModelValidationResult": "model_version validated_by",
    "AIModelDeployment": "model_version deployed_by",
    "AIModelFeedback": "user generation_request model_version",
}

configure_mappers()
RELATIONSHIPS = [
    relationship
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
    for relationship in mapper.relationships
]


def test_relationships_of_the_documents_are_there() -> None:
    found = {
        mapper.class_.__name__: set(mapper.relationships.keys()) for mapper in Base.registry.mappers
    }
    missing = {name: set(names.split()) - found.get(name, set()) for name, names in NAMED.items()}
    assert not any(missing.values()), missing


def followed(relationship: RelationshipProperty[Any]) -> tuple[str, str, str]:
    """Return the table and column that ``relationship`` follows, and the table they refer to."""
    (pair,) = relationship.local_remote_pairs or ()
    column = next(column for column in pair if column.foreign_keys)
    documented = next(
        each for each in BY_NAME[column.table.name].columns if each.name == column.name
    )
    assert documented.references is not None
    return column.table.name, column.name, documented.references.table


@pytest.mark.parametrize(
    "relationship", [each for each in RELATIONSHIPS if each.secondary is None], ids=str
)
def test_relationship_navigates_both_ways(
    connection: Connection, relationship: RelationshipProperty[Any]
) -> None:
    child_table, column, parent_table = followed(relationship)
    parent_id = make_row(connection, parent_table)["id"]
    child_id = make_row(connection, child_table, **{column: parent_id})["id"]
    with Session(connection) as session:
        here_is_child = str(relationship.parent.local_table) == child_table
        here_id, there_id = (child_id, parent_id) if here_is_child else (parent_id, child_id)
        here = find(session, relationship.parent.class_, here_id)
        there = reached(getattr(here, relationship.key), there_id)
        if relationship.back_populates:
            assert reached(getattr(there, relationship.back_populates), here_id) is here


def find(session: Session, model: Any, id_: object) -> Any:
    return session.query(model).filter(model.id == id_).one()


def reached(value: Any, id_: object) -> Any:
    """Return what ``value``, an object or a collection, holds with the given id."""
    objects = value if isinstance(value, list) else [value]
    return next(each for each in objects if each.id == id_)


def test_teams_of_a_user_are_reached_through_the_memberships(connection: Connection) -> None:
    member = make_row(connection, "team_members")
    with Session(connection) as session:
        user = find(session, class_named("User"), member["user_id"])
        assert [team.id for team in user.teams] == [member["team_id"]]


def class_named(name: str) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__name__ == name)


def test_deleting_a_parent_leaves_its_children_to_the_database(connection: Connection) -> None:
    project = make_row(connection, "projects")
    asset = make_row(connection, "assets", project_id=project["id"])
    version = make_row(connection, "asset_versions", project_id=project["id"])
    with Session(connection) as session:
        loaded = find(session, class_named("Project"), project["id"])
        assert loaded.assets  # a loaded child is not touched by the ORM either
        session.delete(loaded)
        session.flush()
    left = sql("SELECT project_id FROM assets WHERE id = :id")
    assert connection.execute(left, {"id": asset["id"]}).all() == [(None,)]
    left = sql("SELECT 1 FROM asset_versions WHERE id = :id")
    assert connection.execute(left, {"id": version["id"]}).all() == []


def test_circular_references_are_flushed_together(connection: Connection) -> None:
    user, project = make_row(connection, "users"), make_row(connection, "projects")
    request_class, asset_class = class_named("GenerationRequest"), class_named("Asset")
    with Session(connection) as session:
        request = request_class(
            user_id=user["id"], project_id=project["id"], input_prompt="a red fox"
        )
        asset = asset_class(
            user_id=user["id"],
            name="fox",
            type="AIGenerated",
            file_path="fox.png",
            mime_type="image/png",
            format="png",
            generation_request_source=request,
        )
        request.final_asset = request.selected_sample = asset
        session.add_all([request, asset])
        session.flush()
        session.expire_all()
        assert asset.final_generation_output_of is request
        assert request.generated_assets == [asset]
        model_version = class_named("AIModelVersion")(
            version_number="1",
            ai_model_parent=class_named("AIModel")(
                name=str(uuid.uuid4()), provider="Internal", task_type="TextGeneration"
            ),
        )
        result = class_named("AIModelValidationResult")(
            model_version=model_version,
            security_scan_status="Passed",
            functional_status="Passed",
            validation_timestamp=datetime.now(UTC),
        )
        model_version.validation_result = result
        session.add(result)
        session.flush()
        session.expire_all()
        assert model_version.validation_result is result
