"""What a column means, in a sentence: its COMMENT, else what its kind or its name says."""

from typing import cast

from sqlalchemy import Column

from ..db.classification import INFO_KEY, Classification
from ..db.value_lists import ValueList
from .schema import parent_of

# Columns whose names carry their meaning have no COMMENT in the database.
_BY_NAME = {
    "category": "Group the template is listed under.",
    "comment": "What the user wrote.",
    "created_at": "When the row was inserted.",
    "current_period_end": "When the paid period ends.",
    "current_period_start": "When the paid period began.",
    "deployment_timestamp": "When it was deployed.",
    "description": "Free text for people to read.",
    "expires_at": "When it stops being valid.",
    "feedback_timestamp": "When it was given.",
    "format": "File format, such as png.",
    "id": "Identifies the row.",
    "is_active": "Whether it may be used.",
    "is_email_verified": "Whether the user has shown that the address is theirs.",
    "is_read": "Whether the user has seen it.",
    "joined_at": "When the user joined the team.",
    "last_activity": "When the session was last used.",
    "last_login_at": "When the user last signed in.",
    "message": "Text shown to the user.",
    "mime_type": "Media type, such as image/png.",
    "name": "Name for people to read.",
    "release_notes": "What is new in this version.",
    "style_guidance": "How the result should look, in words.",
    "updated_at": "When the row last changed; stamped by the trigger.",
    "validation_timestamp": "When it was validated.",
    "version_number": "Number of the version, counting up.",
}


def classification_of(column: Column[object]) -> Classification | None:
    """Return how the column's content must be treated, None where nothing is said."""
    return cast("Classification | None", column.info.get(INFO_KEY))


def meaning_of(column: Column[object]) -> str:
    """Return the column's meaning without its classification; empty where nothing says it."""
    if column.comment:
        tag = classification_of(column)
        return column.comment.replace(f" [{tag}]", "") if tag else column.comment
    for key in column.foreign_keys:
        return f"Row of `{parent_of(key)}` that this one belongs to."
    if isinstance(column.type, ValueList):
        return str(column.type.members.__doc__)
    return _BY_NAME.get(column.name, "")


def logical_name(column: Column[object]) -> str:
    """Return the column's name in the design documents: ``password_hash`` is passwordHash."""
    first, *rest = column.name.split("_")
    return first + "".join(word.capitalize() for word in rest)
