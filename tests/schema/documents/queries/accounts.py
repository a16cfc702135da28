"""Queries on people, their sign-in, their messages and their teams."""

from tests.schema.documents.queries.notation import Query

QUERIES = (
    Query(
        "uq_user_email",
        "Sign in with e-mail and password.",
        "SELECT * FROM users WHERE email = 'email 7'",
    ),
    Query(
        "uq_user_username",
        "Open a profile by its handle.",
        "SELECT * FROM users WHERE username = 'username 7'",
    ),
    Query(
        "idx_user_social_unique",
        "Sign in with a social account.",
        "SELECT * FROM users WHERE social_provider = 'google' AND social_provider_id = '7'",
    ),
    Query(
        "idx_user_subscriptiontier",
        "List the customers of a tier.",
        "SELECT id, email FROM users WHERE subscription_tier = 'Enterprise'",
    ),
    Query(
        "idx_user_deletedat",
        "Erase accounts whose grace period after the soft delete is over.",
        "SELECT id FROM users WHERE deleted_at < '2071-01-08'",
    ),
    Query(
        "idx_user_languagepreference",
        "Address the users of one language.",
        "SELECT id, email FROM users WHERE language_preference = 'is-IS'",
    ),
    Query(
        "uq_socialconnection_user_platform",
        "Fetch a user's token for the platform to publish on.",
        "SELECT * FROM social_media_connections WHERE user_id = :user_id AND platform = 'LinkedIn'",
    ),
    Query(
        "uq_apiclient_apikey",
        "Authenticate an API call.",
        "SELECT * FROM api_clients WHERE api_key = 'api_key 7'",
    ),
    Query(
        "idx_apiclient_userid",
        "List a developer's API keys.",
        "SELECT * FROM api_clients WHERE user_id = :user_id",
    ),
    Query(
        "idx_session_userid_expiresat",
        "List a user's live sessions.",
        "SELECT * FROM sessions WHERE user_id = :user_id AND expires_at > '2071-06-01'",
    ),
    Query(
        "idx_session_expiresat",
        "Clean up expired sessions.",
        "DELETE FROM sessions WHERE expires_at < '2071-01-03'",
    ),
    Query(
        "idx_session_lastactivity",
        "Close idle sessions.",
        "DELETE FROM sessions WHERE last_activity < '2071-01-03'",
    ),
    Query(
        "idx_notification_userid_isread_createdat",
        "Show a user's latest read notifications.",
        "SELECT * FROM notifications WHERE user_id = :user_id AND is_read = true"
        " ORDER BY created_at DESC LIMIT 20",
    ),
    Query(
        "idx_notification_userid_isread_unread",
        "Count a user's unread notifications.",
        "SELECT count(*) FROM notifications WHERE user_id = :user_id AND is_read = false",
    ),
    Query(
        "idx_team_ownerid",
        "List the teams a user owns; refuse to delete the user while there are any.",
        "SELECT * FROM teams WHERE owner_id = :user_id",
    ),
    Query(
        "uq_teammember_team_user",
        "See whether a user belongs to a team.",
        "SELECT role FROM team_members WHERE team_id = :team_id AND user_id = :user_id",
    ),
    Query(
        "idx_teammember_userid_role",
        "List the teams in which a user has a role.",
        "SELECT team_id FROM team_members WHERE user_id = :user_id AND role = 'Admin'",
    ),
    Query(
        "idx_teammember_teamid",
        "List the members of a team.",
        "SELECT * FROM team_members WHERE team_id = :team_id",
    ),
)
