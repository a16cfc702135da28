"""Table ``templates`` (SDS 5.17, UI-003, REQ-4-003, REQ-WCI-009, REQ-WCI-010)."""

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey

if TYPE_CHECKING:
    from .project_model import Project
    from .user_model import User


class Template(UUIDPrimaryKey, Timestamps, Base):
    """A starting point for projects, the system's or a user's own (SDS 5.17)."""

    __tablename__ = "templates"
    __table_args__ = (
        Index(
            "idx_template_category_ispublic",
            "category",
            "is_public",
            info={"serves": "Browse the public templates of a category."},
        ),
        Index(
            "idx_template_userid", "user_id", info={"serves": "List the templates a user saved."}
        ),
        Index(
            "idx_template_tags_gin",
            "tags",
            postgresql_using="gin",
            info={"serves": "Search templates by tag."},
        ),
        {
            "comment": "Starting points for projects: system templates and users' own.",
            **in_domain(Domain.CREATIVE),
        },
    )

    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="Creator of a private template; NULL for a system template.",
    )
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str | None]
    category: Mapped[str] = mapped_column(String(50))
    preview_url: Mapped[str] = mapped_column(
        String(1024), comment="Preview picture: a path in MinIO or an external URL."
    )
    source_data: Mapped[dict[str, Any]] = mapped_column(
        comment="Content and layout, as the editor reads them."
    )
    tags: Mapped[list[str] | None] = mapped_column(comment="Search keywords: an array of strings.")
    is_public: Mapped[bool] = mapped_column(
        server_default=true(), comment="True for system templates, false for private ones."
    )

    user_creator: Mapped["User | None"] = relationship(back_populates="created_templates")
    projects_using_template: Mapped[list["Project"]] = relationship(
        back_populates="template", passive_deletes="all"
    )
