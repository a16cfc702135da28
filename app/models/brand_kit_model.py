"""Table ``brand_kits`` (SDS 5.2, SRS 7.1.2, UAPM-1-004)."""

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey

if TYPE_CHECKING:
    from .project_model import Project
    from .team_model import Team
    from .user_model import User
    from .workbench_model import Workbench


class BrandKit(UUIDPrimaryKey, Timestamps, Base):
    """Colours, fonts, logos and style preferences of a user or a team (SDS 5.2)."""

    __tablename__ = "brand_kits"
    __table_args__ = (
        Index("idx_brandkit_userid", "user_id", info={"serves": "List a user's brand kits."}),
        Index("idx_brandkit_teamid", "team_id", info={"serves": "List a team's brand kits."}),
        Index(
            "idx_brandkit_colors_gin",
            "colors",
            postgresql_using="gin",
            info={"serves": "Find the brand kits that use a colour."},
        ),
        Index(
            "idx_brandkit_fonts_gin",
            "fonts",
            postgresql_using="gin",
            info={"serves": "Find the brand kits that use a font."},
        ),
        {
            "comment": "Brand identities: colours, fonts, logos and style of a user or a team.",
            **in_domain(Domain.CREATIVE),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        comment="Owner; for a team's kit, the user who made it or the team's owner.",
    )
    team_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"),
        comment="Team the kit belongs to; NULL for a personal kit.",
    )
    name: Mapped[str] = mapped_column(String(100))
    colors: Mapped[list[dict[str, Any]]] = mapped_column(
        comment='Colours: [{"name": "Primary", "hex": "#FF0000", "variable": "--color-primary"}].'
    )
    fonts: Mapped[list[dict[str, Any]]] = mapped_column(
        comment='Fonts: [{"name": "Heading", "family": "Arial", "url": "..."}].'
    )
    logos: Mapped[list[dict[str, Any]] | None] = mapped_column(
        comment='Logo files in MinIO: [{"name": "Main", "path": "...", "format": "png"}].'
    )
    style_preferences: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Preferred style for generations: tone, industry and the like."
    )
    is_default: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether this is the owner's kit of first choice."
    )

    user: Mapped["User"] = relationship(back_populates="brand_kits")
    team: Mapped["Team | None"] = relationship(back_populates="brand_kits")
    default_for_workbenches: Mapped[list["Workbench"]] = relationship(
        back_populates="default_brand_kit", passive_deletes="all"
    )
    overridden_in_projects: Mapped[list["Project"]] = relationship(
        back_populates="brand_kit", passive_deletes="all"
    )
