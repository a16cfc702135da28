"""Table ``asset_versions`` (SDS 5.6, SRS 7.2.1, REQ-4-006)."""

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import CreatedAt, UUIDPrimaryKey

if TYPE_CHECKING:
    from .asset_model import Asset
    from .project_model import Project
    from .user_model import User


class AssetVersion(UUIDPrimaryKey, CreatedAt, Base):
    """A saved version of an asset's file or of a project's canvas (SDS 5.6)."""

    __tablename__ = "asset_versions"
    __table_args__ = (
        Index(
            "idx_assetversion_assetid",
            "asset_id",
            info={"serves": "Keep the versions of a deleted asset, without it."},
        ),
        Index(
            "idx_assetversion_projectid",
            "project_id",
            info={"serves": "Delete the versions of a deleted project."},
        ),
        Index(
            "idx_assetversion_assetid_version",
            "asset_id",
            "version_number",
            info={"serves": "Fetch the latest version of an asset."},
        ),
        Index(
            "idx_assetversion_projectid_version",
            "project_id",
            "version_number",
            info={"serves": "Fetch the latest state of a project."},
        ),
        Index(
            "idx_assetversion_createdbyuserid",
            "created_by_user_id",
            info={"serves": "Keep the versions a deleted user made, without the user."},
        ),
        {
            "comment": "Version history of assets and of project states.",
            **in_domain(Domain.CREATIVE),
        },
    )

    asset_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("assets.id", ondelete="SET NULL"), comment="Asset this is a version of."
    )
    project_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"),
        comment="Project this is a version of, or in which the asset was versioned.",
    )
    version_number: Mapped[int]
    file_path: Mapped[str | None] = mapped_column(
        String(1024), comment="Path in MinIO, if the version saves a file."
    )
    state_data: Mapped[dict[str, Any] | None] = mapped_column(
        comment="State of the canvas (CRDT or JSON), if the version saves one."
    )
    description: Mapped[str | None]
    created_by_user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="User who saved the version."
    )

    asset: Mapped["Asset | None"] = relationship(back_populates="versions")
    project: Mapped["Project | None"] = relationship(back_populates="versions")
    created_by: Mapped["User | None"] = relationship()
