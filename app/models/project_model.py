"""Table ``projects`` (SDS 5.4, REQ-4-002)."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import SoftDelete, Timestamps, UUIDPrimaryKey

if TYPE_CHECKING:
    from .asset_model import Asset
    from .asset_version_model import AssetVersion
    from .brand_kit_model import BrandKit
    from .generation_request_model import GenerationRequest
    from .template_model import Template
    from .user_model import User
    from .workbench_model import Workbench


class Project(UUIDPrimaryKey, Timestamps, SoftDelete, Base):
    """A creative project: its assets, its generation requests, its canvas (SDS 5.4)."""

    __tablename__ = "projects"
    __table_args__ = (
        Index(
            "idx_project_workbenchid",
            "workbench_id",
            info={"serves": "List the projects on a workbench."},
        ),
        Index("idx_project_userid", "user_id", info={"serves": "List a user's projects."}),
        Index(
            "idx_project_updatedat",
            "updated_at",
            info={"serves": "Show the projects worked on most recently."},
        ),
        Index(
            "idx_project_templateid",
            "template_id",
            info={"serves": "Take a deleted template off the projects."},
        ),
        Index(
            "idx_project_brandkitid",
            "brand_kit_id",
            info={"serves": "Take a deleted brand kit off the projects."},
        ),
        {
            "comment": "Creative projects, which hold assets and generation requests.",
            **in_domain(Domain.CREATIVE),
        },
    )

    workbench_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("workbenches.id", ondelete="CASCADE")
    )
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        comment="Owner of the workbench, repeated here for fast queries; "
        "the application keeps the two the same.",
    )
    template_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("templates.id", ondelete="SET NULL"), comment="Template the project began from."
    )
    brand_kit_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("brand_kits.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Brand kit used instead of the workbench's default.",
    )
    name: Mapped[str] = mapped_column(String(100))
    target_platform: Mapped[str | None] = mapped_column(
        String(50), comment="Platform the project is made for, such as InstagramStory or TikTok."
    )
    collaboration_state: Mapped[dict[str, Any] | None] = mapped_column(
        comment="State of the shared canvas (CRDT)."
    )
    last_collaborated_at: Mapped[datetime | None] = mapped_column(
        comment="When a collaborative session last changed the canvas."
    )

    workbench: Mapped["Workbench"] = relationship(back_populates="projects")
    user: Mapped["User"] = relationship(back_populates="projects")
    template: Mapped["Template | None"] = relationship(back_populates="projects_using_template")
    brand_kit: Mapped["BrandKit | None"] = relationship(back_populates="overridden_in_projects")
    assets: Mapped[list["Asset"]] = relationship(back_populates="project", passive_deletes="all")
    versions: Mapped[list["AssetVersion"]] = relationship(
        back_populates="project", cascade="all", passive_deletes=True
    )
    generation_requests: Mapped[list["GenerationRequest"]] = relationship(
        back_populates="project", passive_deletes="all"
    )
