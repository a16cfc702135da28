"""Queries on assets, their versions and generation requests."""

from tests.schema.documents.queries.notation import Query

QUERIES = (
    Query(
        "idx_asset_projectid_createdat",
        "Show the newest assets of a project.",
        "SELECT * FROM assets WHERE project_id = :project_id ORDER BY created_at DESC LIMIT 10",
    ),
    Query(
        "idx_asset_userid",
        "Open a user's asset library.",
        "SELECT * FROM assets WHERE user_id = :user_id",
    ),
    Query(
        "idx_asset_generationrequestid",
        "List the samples made for a request.",
        "SELECT * FROM assets WHERE generation_request_id = :generation_request_id",
    ),
    Query(
        "idx_asset_type",
        "List the assets of a rare type.",
        "SELECT id FROM assets WHERE type = 'Derived'",
    ),
    Query(
        "idx_assetversion_assetid",
        "Keep the versions of a deleted asset, without it.",
        "UPDATE asset_versions SET asset_id = NULL WHERE asset_id = :asset_id",
    ),
    Query(
        "idx_assetversion_projectid",
        "Delete the versions of a deleted project.",
        "DELETE FROM asset_versions WHERE project_id = :project_id",
    ),
    Query(
        "idx_assetversion_assetid_version",
        "Fetch the latest version of an asset.",
        "SELECT * FROM asset_versions WHERE asset_id = :asset_id"
        " ORDER BY version_number DESC LIMIT 1",
    ),
    Query(
        "idx_assetversion_projectid_version",
        "Fetch the latest state of a project.",
        "SELECT * FROM asset_versions WHERE project_id = :project_id"
        " ORDER BY version_number DESC LIMIT 1",
    ),
    Query(
        "idx_assetversion_createdbyuserid",
        "Keep the versions a deleted user made, without the user.",
        "UPDATE asset_versions SET created_by_user_id = NULL WHERE created_by_user_id = :user_id",
    ),
    Query(
        "idx_generationrequest_userid",
        "List a user's requests; refuse to delete the user while there are any.",
        "SELECT * FROM generation_requests WHERE user_id = :user_id",
    ),
    Query(
        "idx_generationrequest_projectid",
        "List the requests of a project.",
        "SELECT * FROM generation_requests WHERE project_id = :project_id",
    ),
    Query(
        "idx_generationrequest_status_createdat",
        "Take the oldest requests that wait.",
        "SELECT id FROM generation_requests WHERE status = 'Pending' ORDER BY created_at LIMIT 10",
    ),
    Query(
        "idx_generationrequest_selectedsampleid",
        "Take a deleted sample off the requests.",
        "UPDATE generation_requests SET selected_sample_id = NULL"
        " WHERE selected_sample_id = :asset_id",
    ),
    Query(
        "idx_generationrequest_finalassetid",
        "Find the request an asset is the final output of.",
        "SELECT * FROM generation_requests WHERE final_asset_id = :asset_id",
    ),
)
