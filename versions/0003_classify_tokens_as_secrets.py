"""Classify the tokens of e-mail verification and password reset as secrets.

Why: whoever knows one takes over the account, and the documents have the application neither hash
nor encrypt them; nothing in the database said so to whoever grants or copies the columns.
What: the comments of users.email_verification_token and password_reset_token; no table changes.
Reference: SDS 5.1; docs/decisions/014-classification-and-comments.md.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-25 02:29:59
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | tuple[str, ...] | None = "0002"
branch_labels: str | tuple[str, ...] | None = None
depends_on: str | tuple[str, ...] | None = None


def upgrade() -> None:
    op.alter_column(
        "users",
        "email_verification_token",
        existing_type=sa.String(length=255),
        comment="Token of the pending e-mail verification [secret].",
        existing_comment="Token of the pending e-mail verification.",
    )
    op.alter_column(
        "users",
        "password_reset_token",
        existing_type=sa.String(length=255),
        comment="Token of the pending password reset [secret].",
        existing_comment="Token of the pending password reset.",
    )


def downgrade() -> None:
    op.alter_column(
        "users",
        "password_reset_token",
        existing_type=sa.VARCHAR(length=255),
        comment="Token of the pending password reset.",
        existing_comment="Token of the pending password reset [secret].",
    )
    op.alter_column(
        "users",
        "email_verification_token",
        existing_type=sa.VARCHAR(length=255),
        comment="Token of the pending e-mail verification.",
        existing_comment="Token of the pending e-mail verification [secret].",
    )
