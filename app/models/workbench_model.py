"""Table ``workbenches`` (SDS 5.3, REQ-4-001)."""

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey

if TYPE_CHECKING:
    from .brand_kit_model import BrandKit
    from .project_model import Project
    from .user_model import User


class Workbench(UUIDPrimaryKey, Timestamps, Base):
    """A container in which a user organizes projects (SDS 5.3)."""

    __tablename__ = "workbenches"
    __table_args__ = (
        Index("idx_workbench_userid", "user_id", info={"serves": "List a user's workbenches."}),
        Index(
            "idx_workbench_defaultbrandkitid",
            "default_brand_kit_id",
            info={"serves": "Take a deleted brand kit off the workbenches."},
        ),
        {
            "comment": "Containers in which users organize their projects.",
            **in_domain(Domain.CREATIVE),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    default_brand_kit_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("brand_kits.id", ondelete="SET NULL", onupdate="CASCADE"),
        comment="Brand kit that new projects of this workbench start with.",
    )

    user: Mapped["User"] = relationship(back_populates="workbenches")
    default_brand_kit: Mapped["BrandKit | None"] = relationship(
        back_populates="default_for_workbenches"
    )
    projects: Mapped[list["Project"]] = relationship(
        back_populates="workbench", cascade="all", passive_deletes=True
    )
